import { everyRule, packConfiguration, type PackConfiguration, type PolicyReport } from "../../policy/index";
import type { Guards } from "../../stacks/settings/sections/guards";
import { estimate } from "../judge/cost/estimate";
import type { CostChange } from "../judge/cost/report";
import { evaluatePlan } from "../judge/policy/evaluate-plan";
import { lostProtections } from "../judge/relaxed/protections";
import { relaxation, type Relaxation, relaxedPolicies, releasedVerdicts } from "../judge/relaxed/relaxed";
import type { Failure } from "../plan/failure";
import type { Plan } from "../plan/plan";
import { type Base, BaseError, checkOutBase } from "../sources/base";
import { difference, type ProviderChanges } from "../sources/difference/difference";
import type { ProviderDefaults } from "../sources/difference/providers";
import { settingChanges } from "../sources/difference/settings";
import { hasProject } from "../sources/in-process/project";
import {
  readStack,
  requireNodeProgram,
  stacksIn,
  type StackConfiguration,
  StackFileError,
  stackNames,
} from "../sources/in-process/stack-file";
import { found } from "./found";
import { guarded } from "./guarded";
import { relaxedGuards } from "../judge/guards/guards";
import { editedGuardsOf, judgesEdited } from "./edited-guards";
import { asFailure } from "./failure";
import { IsolatedPreviews } from "./isolated/previews";
import { judgedPreview, planned, type Preview } from "./preview";
import { frame, type Review } from "./review";
import { type StackSettings, stackSettings } from "./stack-settings";

interface Common {
  readonly projectDir: string;
  /** Labels of the pull request, for guards that ask for one. */
  readonly labels?: readonly string[];
  /** Full id of the commit that is looked at. */
  readonly commit: string;
}

const notLive =
  "What differs between the program and the live state: this compares two versions of the program. `slipway diff --engine` asks the engine.";

/**
 * Reviews of stacks against their base; both sides are previewed at the same time. No stack asked for means every stack of
 * either side: one whose file is deleted is a destroy. @public Loaded late.
 */
export async function reviewAgainstBase(
  request: Common & { readonly stacks: readonly string[]; readonly base: string },
): Promise<Review[]> {
  const { projectDir } = request;
  // While the base is checked out.
  const isolated = new IsolatedPreviews(asked(request));
  const base = await checkOutBase(request.projectDir, request.base).catch((error: unknown) => {
    if (error instanceof BaseError) return error;
    throw error;
  });
  try {
    return await reviewsOf(base, { ...request, plan: (stack) => isolated.preview({ projectDir, stack }) });
  } finally {
    isolated.close();
    if (!(base instanceof BaseError)) base.close();
  }
}

/** The same, against a base that lies somewhere already. @public Tests have many branches of one base. */
export async function reviewsOf(
  base: Base | BaseError,
  request: Common & { readonly stacks: readonly string[]; readonly base: string } & Partial<Plans>,
): Promise<Review[]> {
  const theirs = base instanceof BaseError ? [] : base.stacks;
  const { projectDir, plan = (stack: string) => planned({ projectDir, stack }).then((one) => one.plan) } = request;
  // A project that is deleted has no stacks any more, and those of the base are all deleted with it.
  const ours = hasProject(projectDir) || theirs.length === 0 ? stacksIn(projectDir) : [];
  const stacks = request.stacks.length > 0 ? request.stacks : [...new Set([...ours, ...theirs])].sort();
  if (stacks.length === 0)
    throw new StackFileError(`No stack file is in ${request.projectDir}. Is this the project's folder?`);
  const reviews: Review[] = [];
  // One stack after the other: the SDK keeps the running program's state for the whole process.
  for (const stack of stacks) reviews.push(await reviewOne({ ...request, plan, stack }, base));
  return reviews;
}

interface Plans {
  /** What a stack of the working tree would be, or why nobody knows. Default: its program runs in this process. */
  readonly plan: (stack: string) => Promise<Plan | Failure>;
}

const namesIn = (projectDir: string) => (hasProject(projectDir) ? stackNames(projectDir) : []);

type One = Common & Plans & { readonly stack: string; readonly base: string };

/** The stacks whose programs will be asked for. What is wrong with the project is said later. */
function asked({ projectDir, stacks }: { readonly projectDir: string; readonly stacks: readonly string[] }) {
  if (!hasProject(projectDir)) return [];
  try {
    return (stacks.length > 0 ? stacks : stacksIn(projectDir)).map((stack) => ({ projectDir, stack }));
  } catch {
    return [];
  }
}

/** What is wrong with a stack's file is said before anything runs. */
async function previewOf({ projectDir, stack, plan }: One): Promise<Preview | Failure> {
  try {
    const configuration = readStack(projectDir, stack);
    requireNodeProgram(configuration);
    const judgedBy = stackSettings(configuration);
    const planned = await plan(stack);
    return "kind" in planned ? planned : judgedPreview(planned, judgedBy);
  } catch (error) {
    return asFailure(error);
  }
}

async function reviewOne(request: One, base: Base | BaseError): Promise<Review> {
  const { stack, projectDir } = request;
  const theirs = base instanceof BaseError ? [] : base.stacks;
  if (theirs.includes(stack) && !namesIn(projectDir).includes(stack)) return reviewOfDeleted(request, base as Base);
  const [before, after] = await Promise.all([
    base instanceof BaseError ? base : base.preview(stack).catch(asBaseError),
    previewOf(request),
  ]);
  const common = {
    ...frame(request),
    unknowns: [notLive, ...(base instanceof BaseError || !base.dirty ? [] : [uncommitted])],
    reproduce: `npx slipway diff ${stack} --base ${request.base}`,
    ...(!(base instanceof BaseError) && theirs.includes(stack) && { settings: editedSettings(base, request) }),
  };
  if ("kind" in after) return { ...common, failure: after };
  const old = before instanceof BaseError ? undefined : before;
  const earlier = old && !(base instanceof BaseError) ? readStack(base.projectDir, stack) : undefined;
  const regions = { before: earlier?.config["aws:region"], after: after.region };
  const plan = difference(
    old ?? { ...after.plan, resources: [], diagnostics: [] },
    after.plan,
    movedProviders(regions),
    defaultsOf(regions),
  );
  const judged =
    base instanceof BaseError ? undefined : await againstBase(base, { stack, projectDir, old, earlier, after, plan });
  const exposed = (common.settings ?? []).flatMap((setting) =>
    setting.exposed ? [relaxation("guard", setting.key, "was encrypted in the stack file and is in plain text")] : [],
  );
  const review: Review = {
    ...common,
    project: after.plan.project,
    ...(before instanceof BaseError && { failure: { kind: "base" as const, message: before.message } }),
    plan,
    ...judged,
    ...((judged !== undefined || exposed.length > 0) && { relaxed: [...(judged?.relaxed ?? []), ...exposed] }),
    unknowns: [...common.unknowns, ...(judged?.unknowns ?? []), ...standIns(after.plan)],
    policies: after.policies,
    findings: found(plan, after.findings, { compared: old !== undefined }),
    cost: costOf(after, old, regions.before),
  };
  const theirGuards = earlier && {
    guards: guardsOf(earlier),
    cost: costOf(after, old, regions.before, settingsOrNone(earlier)?.assumptions ?? after.judgedBy.assumptions),
  };
  return guarded(review, [...(theirGuards ? [theirGuards] : []), after.judgedBy], request.labels ?? []);
}

/** Of a file that cannot be read by ours: none, as its own program judges it. */
function guardsOf(configuration: StackConfiguration): Guards {
  return settingsOrNone(configuration)?.guards ?? {};
}

function settingsOrNone(configuration: StackConfiguration): StackSettings | undefined {
  try {
    return stackSettings(configuration);
  } catch {
    return undefined;
  }
}

function standIns({ diagnostics }: Plan): string[] {
  return diagnostics.filter(({ standIn }) => standIn).map(({ message }) => message);
}

const uncommitted = "Whether this is what will be merged: the working tree holds changes that are not committed.";

interface Sides {
  readonly stack: string;
  readonly projectDir: string;
  readonly old: Plan | undefined;
  readonly earlier: StackConfiguration | undefined;
  readonly after: Preview;
  readonly plan: Plan;
}

/** What the base's own rules and settings say of the base and of the change, and what of them the change weakens. */
async function againstBase(base: Base, { stack, projectDir, old, earlier, after, plan }: Sides) {
  const edited = editedGuardsOf(base, projectDir);
  const protections = lostProtections(plan);
  if (!old || !earlier) return { relaxed: [...protections, ...edited], unknowns: [] };
  const { policies } = after.judgedBy;
  const now = packConfiguration(policies, everyRule);
  try {
    const judges = judgesEdited(base, projectDir) ? theirOwn(base, stack) : ours(earlier);
    const [configuration, policiesBefore, byBase] = await Promise.all([
      judges.configuration(),
      judges.judge(old),
      judges.judge(after.plan),
    ]);
    const settings = relaxedPolicies(configuration, now);
    const said = new Set(settings.map(({ subject }) => subject));
    const released = releasedVerdicts(byBase.verdicts, after.policies.verdicts, (urn) => urn.split("::").pop()!);
    // What a setting let go is the setting's doing; it says so already. Verdicts add what it means here.
    const relaxed: Relaxation[] = [
      ...settings,
      ...relaxedGuards(guardsOf(earlier), after.judgedBy.guards),
      ...released.filter(({ subject }) => !said.has(subject) || !judges.sameRules),
      ...protections,
      ...edited,
    ];
    return { policiesBefore, relaxed, unknowns: [] };
  } catch (error) {
    return {
      policiesBefore: evaluatePlan(old, policies, { today: new Date() }),
      // Nobody knows what those would have stopped.
      relaxed: [
        relaxation(
          "guard",
          "rules of the base",
          `could not be asked: ${(error as Error).message.replaceAll("\n", " ")}`,
        ),
        ...protections,
        ...edited,
      ],
      unknowns: [],
    };
  }
}

interface Judges {
  /** The base's rules are those of this change. */
  readonly sameRules: boolean;
  configuration(): Promise<PackConfiguration>;
  judge(plan: Plan): Promise<PolicyReport>;
}

/** The rules are the same on both sides: only what the stack file says of them can differ. */
function ours(earlier: StackConfiguration): Judges {
  const { policies } = stackSettings(earlier);
  return {
    sameRules: true,
    configuration: async () => packConfiguration(policies, everyRule),
    judge: async (plan) => evaluatePlan(plan, policies, { today: new Date() }),
  };
}

/** The rules differ, so the base's are asked for by its own command line. */
function theirOwn(base: Base, stack: string): Judges {
  const config = ["--config", `Pulumi.${stack}.yaml`];
  return {
    sameRules: false,
    configuration: async () => (await base.ask(["policy", "config", ...config])) as PackConfiguration,
    judge: (plan) =>
      base.withFile(
        JSON.stringify(plan),
        async (file) => (await base.ask(["policy", "check", "--plan", file, ...config, "--json"])) as PolicyReport,
      ),
  };
}

/** A stack file that is gone: what ran, shown as its destroy. */
async function reviewOfDeleted(request: One, base: Base): Promise<Review> {
  const { stack } = request;
  const common = {
    ...frame(request),
    deleted: true,
    unknowns: [notLive],
    reproduce: `npx slipway diff ${stack} --base ${request.base}`,
  };
  const relaxed = [
    relaxation(
      "stack",
      hasProject(request.projectDir) ? `Pulumi.${stack}.yaml` : "Pulumi.yaml",
      `is deleted: nothing previews, judges or deploys this stack any more${renamedTo(request, base)}`,
    ),
    ...editedGuardsOf(base, request.projectDir),
  ];
  try {
    const before = await base.preview(stack);
    if (!before) throw new BaseError(`The base has no Pulumi.${stack}.yaml.`);
    const earlier = readStack(base.projectDir, stack);
    const { config } = earlier;
    const report = estimate(before, { region: config["aws:region"] ?? "" });
    const nothing = { ...before, resources: [], outputs: {}, diagnostics: [] };
    const review: Review = {
      ...common,
      relaxed,
      project: before.project,
      plan: difference(before, nothing),
      cost: { before: report, after: estimate(nothing, { region: config["aws:region"] ?? "" }) },
    };
    return guarded(review, [{ guards: guardsOf(earlier) }], request.labels ?? []);
  } catch (error) {
    return { ...common, relaxed, failure: { kind: "base", message: asBaseError(error).message } };
  }
}

/** A file with another name is another stack, which begins with nothing. */
function renamedTo({ stack, projectDir }: One, base: Base): string {
  const content = (folder: string, name: string) => {
    try {
      return JSON.stringify(Object.entries(readStack(folder, name).config).sort());
    } catch {
      return undefined;
    }
  };
  const before = content(base.projectDir, stack);
  const fresh = namesIn(projectDir).filter((name) => !base.stacks.includes(name));
  const same = before === undefined ? undefined : fresh.find((name) => content(projectDir, name) === before);
  if (same === undefined) return "";
  return `. Pulumi.${same}.yaml says the same and is another stack, which begins empty: \`pulumi stack rename ${same}\` moves what runs`;
}

function editedSettings(base: Base, { stack, projectDir }: One): Review["settings"] {
  try {
    return settingChanges(readStack(base.projectDir, stack), readStack(projectDir, stack));
  } catch {
    // A file that cannot be read is the preview's to say.
    return [];
  }
}

/** The plan does not hold the default providers. Of AWS's, the region is what makes all resources new ones. */
function movedProviders({ before, after }: { readonly before?: string; readonly after?: string }): ProviderChanges {
  if (before === undefined || after === undefined || before === after) return {};
  return { aws: [{ path: "region", kind: "update", before, after }] };
}

function defaultsOf({ before, after }: { readonly before?: string; readonly after?: string }): ProviderDefaults {
  if (before === undefined || after === undefined) return {};
  return { aws: { before: { region: before }, after: { region: after } } };
}

function costOf(
  { region = "", judgedBy, plan }: Preview,
  old: Plan | undefined,
  oldRegion = region,
  assumptions = judgedBy.assumptions,
): CostChange {
  return {
    after: estimate(plan, { region, assumptions }),
    ...(old && { before: estimate(old, { region: oldRegion, assumptions }) }),
  };
}

function asBaseError(error: unknown): BaseError {
  if (error instanceof BaseError) return error;
  throw error;
}
