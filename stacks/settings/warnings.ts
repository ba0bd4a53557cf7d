import { documentation } from "../../components/shared/documentation";
import { definitionOf } from "../targets";
import { idle } from "./reach";
import { presetFor } from "./presets";
import { sections } from "./schema";
import { listed } from "./formats";
import { ownDatabases } from "./sections/database";
import type { Settings, StackFileContent, Target, Unconstrained } from "./settings";

/** What is allowed and may still surprise: a sentence with the setting that changes it. Undefined when it does not apply. */
type Warning = (settings: Settings) => string | undefined;

/** Those of every target; a target's own are in its definition. */
const warnings: readonly Warning[] = [
  ({ preset, monitoring: { emails, webhook } }) =>
    preset !== "development" && emails.length === 0 && webhook === undefined
      ? "no alarm recipients. slipway:monitoring.emails or slipway:monitoring.webhook"
      : undefined,
  ({ preset, target, service }) =>
    preset === "production" && !["docker", "vercel"].includes(target) && service.minReplicas < 2
      ? "one replica: its loss is an outage. slipway:service.minReplicas: 2"
      : undefined,
  ({ target, cache, service }) =>
    target !== "vercel" && cache.implementation === "none" && service.maxReplicas > 1
      ? `${service.maxReplicas} replicas without a shared cache: one does not hear what another invalidates. slipway:cache.implementation`
      : undefined,
  ({ preset, database, service }) =>
    preset === "production" &&
    ownDatabases.includes(database.implementation) &&
    database.separateRoles === undefined &&
    service.health === undefined &&
    service.migration !== false
      ? "the application owns its tables: what an injection gets may drop them. slipway:database.separateRoles: true, with an image whose @slipway/next knows it"
      : undefined,
  ({ target, service, release, cdn }) =>
    service.health === undefined
      ? undefined
      : `an image without @slipway/next: ${listed(lostWithout(target, release.strategy, cdn.implementation), "and")}. ${documentation("bring-your-app.md")}#a-plain-image`,
  ({ image }) =>
    image !== undefined && !image.includes("@sha256:")
      ? `the image ${image} is named by tag, and a tag is mutable. slipway:image with its digest (@sha256:…)`
      : undefined,
];

/** What the platform does and no ingress can do in its place. */
function lostWithout(target: Target, strategy: string, cdn: string): string[] {
  return [
    "no Content-Security-Policy but its own",
    "no cache that replicas share",
    "no skew protection",
    "nothing is turned away at maxConcurrentRequests",
    ...(target === "aws-ecs"
      ? ["no metrics of the process"]
      : ["no metrics, so no alarms on errors, latency and load"]),
    ...(target === "kubernetes" && strategy !== "rolling" ? ["a release is judged by readiness alone"] : []),
    ...(cdn === "cloudfront"
      ? [
          "no static files of earlier releases but those at the edge",
          "revalidateTag and revalidatePath do not reach CloudFront",
        ]
      : []),
    target === "aws-ecs"
      ? "DATABASE_URL is without its password, which Secrets Manager has"
      : "secrets are files that NAME_FILE names, and DATABASE_URL is without its password",
  ];
}

export function warningsOf(settings: Settings): string[] {
  const { warnings: own } = definitionOf(settings);
  return [
    ...own.map((warning) => warning(settings)),
    ...warnings.map((warning) => warning(settings)),
    ...idle(changed(settings), settings as Unconstrained),
  ].filter((text) => text !== undefined);
}

/** What differs from the preset: that much of a stack file can be seen in the settings. */
function changed(settings: Settings): StackFileContent {
  const preset = presetFor(settings.preset, settings.target);
  return Object.fromEntries(
    (Object.keys(sections) as (keyof typeof sections)[]).map((name) => {
      const fields = Object.entries((settings as Unconstrained)[name]) as [string, unknown][];
      const common = preset[name] as Readonly<Record<string, unknown>>;
      return [name, Object.fromEntries(fields.filter(([key, value]) => !same(value, common[key])))];
    }),
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
