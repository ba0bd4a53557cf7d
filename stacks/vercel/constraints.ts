import { expectedVercelReference, isVercelReference } from "../../components/secrets/vercel-secret-reference";
import { chatOf } from "../../components/monitoring/chat";
import { type Constraint, referencesIn } from "../settings/constraint";
import { problem } from "../settings/problems";

const source: Constraint = ({ image, build }) =>
  image === undefined && build === undefined
    ? problem("build", undefined, "is missing: the application's folder, { context: app }")
    : [];

/** https://vercel.com/docs/webhooks: the form is Vercel's. */
const webhook: Constraint = ({ monitoring }) =>
  monitoring.webhook !== undefined && chatOf(monitoring.webhook) !== undefined
    ? problem(
        "monitoring.webhook",
        undefined,
        "is a chat's, and what Vercel posts is in a form that it does not take: use the integration for it in Vercel's dashboard, or an address that takes JSON",
      )
    : [];

const references: Constraint = ({ secrets }) =>
  referencesIn(secrets).flatMap(({ setting, reference }) =>
    isVercelReference(reference)
      ? []
      : problem(`${setting}.reference`, undefined, `is none that Vercel knows: ${expectedVercelReference}`),
  );

/** https://vercel.com/docs/functions/configuring-functions/memory */
const sizes: Readonly<Record<number, number>> = { 1000: 2048, 2000: 4096 };

const size: Constraint = ({ service: { cpuMillis, memoryMb } }) => {
  const memory = sizes[cpuMillis];
  if (memory === undefined) {
    return problem(
      "service.cpuMillis",
      cpuMillis,
      "is not a size of Vercel: expected 1000 (standard) or 2000 (performance)",
    );
  }
  return memory === memoryMb
    ? []
    : problem("service.memoryMb", memoryMb, `does not go with cpuMillis ${cpuMillis}: Vercel offers ${memory}`);
};

const release: Constraint = ({ release: { strategy, weightPercent } }) => {
  if (strategy === "rolling") {
    return problem(
      "release.strategy",
      strategy,
      "does not work with target vercel: there are no replicas to replace one after the other; expected blue-green, canary or linear",
    );
  }
  return strategy === "linear" && weightPercent < 10
    ? problem(
        "release.weightPercent",
        weightPercent,
        "makes more than the 10 steps that Vercel takes: expected 10 or more",
      )
    : [];
};

const skewProtection: Constraint = ({ cdn: { assetRetentionDays } }) =>
  [1, 7].includes(assetRetentionDays)
    ? []
    : problem(
        "cdn.assetRetentionDays",
        assetRetentionDays,
        "does not work with target vercel: its skew protection reaches back 1 or 7 days",
      );

const repository: Constraint = ({ vercel }) =>
  vercel.ref !== undefined && vercel.repository === undefined
    ? problem("vercel.ref", vercel.ref, "needs slipway:vercel.repository, where Vercel finds it")
    : [];

/** `<project>-<stack>`: https://vercel.com/docs/rest-api/reference/endpoints/projects/create-a-new-project */
const names: Constraint = (_, { project = "slipway", stack = "test" }) => {
  const name = `${project}-${stack}`;
  return /^[a-z0-9._-]{1,100}$/.test(name) && !name.includes("---")
    ? []
    : [
        {
          key: "the stack's name",
          found: stack,
          message: `makes ${name} of the project's on Vercel: expected lower-case letters, digits, hyphens, periods and underscores, at most 100, and never three hyphens in a row`,
        },
      ];
};

export const vercelConstraints: readonly Constraint[] = [
  source,
  size,
  webhook,
  release,
  skewProtection,
  repository,
  names,
  references,
];
