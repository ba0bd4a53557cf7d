import type { PackConfiguration } from "../../../policy/index";
import type { Verdict } from "../policy/report";

/** Something that would have stopped or caught a change, and that this change weakens. */
export interface Relaxation {
  readonly kind: "rule" | "exemption" | "guard" | "protection" | "stack" | "verdict" | "source" | "workflow";
  /** What is weaker: a rule's id, a file, a URN, `guards.monthlyUsd`. */
  readonly subject: string;
  /** What was and what is, in one sentence without the subject. */
  readonly message: string;
}

/** Edits that may weaken something, and may not: somebody has to read them. All else surely does. */
export function isCertain({ kind }: Relaxation): boolean {
  return kind !== "source" && kind !== "workflow";
}

const strictness = { disabled: 0, advisory: 1, remediate: 2, mandatory: 2 } as const;

type RuleConfiguration = PackConfiguration[string];

/** Rules that are gone, disabled, lowered or measured otherwise, and exemptions that are new, wider or longer. */
export function relaxedPolicies(before: PackConfiguration, after: PackConfiguration): Relaxation[] {
  return Object.entries(before).flatMap(([rule, old]) => {
    const now = after[rule];
    if (now === undefined) {
      return old.enforcementLevel === "disabled"
        ? []
        : [relaxation("rule", rule, `was ${old.enforcementLevel} and is removed`)];
    }
    return [...loweredLevel(rule, old, now), ...otherParameters(rule, old, now), ...newExemptions(rule, old, now)];
  });
}

function loweredLevel(rule: string, before: RuleConfiguration, after: RuleConfiguration): Relaxation[] {
  const [old, now] = [before.enforcementLevel, after.enforcementLevel];
  return strictness[now] < strictness[old] ? [relaxation("rule", rule, `was ${old} and is ${now}`)] : [];
}

function otherParameters(rule: string, before: RuleConfiguration, after: RuleConfiguration): Relaxation[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => name !== "enforcementLevel" && name !== "exemptions",
  );
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => relaxation("rule", rule, `${name} was ${shown(before[name])} and is ${shown(after[name])}`));
}

function shown(value: unknown): string {
  return value === undefined ? "the default" : JSON.stringify(value);
}

/** An exemption that is the same in rule and resource may have ended earlier. */
function newExemptions(rule: string, before: RuleConfiguration, after: RuleConfiguration): Relaxation[] {
  const known = new Map((before.exemptions ?? []).map((one) => [one.resource, one.expires]));
  return (after.exemptions ?? []).flatMap(({ resource, expires, reason }) => {
    const until = known.get(resource);
    if (until !== undefined && until >= expires) return [];
    const message =
      until === undefined
        ? `exempts ${resource} until ${expires}: ${reason}`
        : `exempts ${resource} until ${expires}, was ${until}: ${reason}`;
    return [relaxation("exemption", rule, message)];
  });
}

/** What the base's own rules and settings would stop, and this change's do not. */
export function releasedVerdicts(
  byBase: readonly Verdict[],
  byChange: readonly Verdict[],
  nameOf: (urn: string) => string,
): Relaxation[] {
  const stopping = ({ outcome, level }: Verdict) => outcome === "fail" && level === "mandatory";
  const still = new Set(byChange.filter(stopping).map(({ rule, resource }) => `${rule} ${resource}`));
  return byBase
    .filter(stopping)
    .filter(({ rule, resource }) => !still.has(`${rule} ${resource}`))
    .map(({ rule, resource, message }) =>
      relaxation("verdict", rule, `by the base's rules ${nameOf(resource)} fails: ${message}`),
    );
}

/** As each pipeline looks for it; what several tools read is wherever it lies. */
const workflow = new RegExp(
  [
    String.raw`^\.(github|gitea|forgejo)\/(workflows|actions)\/`,
    String.raw`^\.gitlab-ci\.ya?ml$|^\.gitlab\/.*\.ya?ml$|(^|\/)[^/]*\.gitlab-ci\.ya?ml$`,
    String.raw`^\.(circleci|buildkite|semaphore|azure-pipelines|teamcity|tekton|woodpecker)\/`,
    String.raw`^\.(drone|woodpecker|travis|cirrus)\.ya?ml$|^(bitbucket-pipelines|azure-pipelines|atlantis|cloudbuild|appveyor)\.ya?ml$`,
    String.raw`(^|\/)(Jenkinsfile[^/]*|buildspec[^/]*\.ya?ml|CODEOWNERS)$`,
  ].join("|"),
);

/** What a reviewer is not shown, or is shown as something else. */
const hiding = /(^|\/)\.git(attributes|modules)$/;

/** Whether a file says what a pipeline does. */
export function isPipeline(file: string): boolean {
  return workflow.test(file);
}

/** With these, what is installed is not what the lock file or the registry says. */
const installation = /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|patches\/[^/]+\.patch)$/;

/**
 * Files that decide what is checked, by whom and how. `packs` are folders with a PulumiPolicy.yaml; `tools` are files of
 * Slipway itself where the repository has them.
 */
export function editedGuards(
  files: readonly string[],
  { packs, tools }: { readonly packs: readonly string[]; readonly tools: RegExp | undefined },
): Relaxation[] {
  const inPack = (file: string) => packs.some((pack) => file === pack || file.startsWith(`${pack}/`));
  return files.flatMap((file): Relaxation[] => {
    if (workflow.test(file))
      return [relaxation("workflow", file, "decides what runs on a pull request and with which rights")];
    if (hiding.test(file))
      return [
        relaxation("workflow", file, "decides what a reviewer sees of a change, and what is checked out with it"),
      ];
    if (installation.test(file))
      return [relaxation("source", file, "decides what is installed, the tool that judges this change among it")];
    if (inPack(file)) return [relaxation("source", file, "decides what the policies ask for")];
    return tools?.test(file) ? [relaxation("source", file, "is part of the tool that judges this change")] : [];
  });
}

export function relaxation(kind: Relaxation["kind"], subject: string, message: string): Relaxation {
  return { kind, subject, message };
}
