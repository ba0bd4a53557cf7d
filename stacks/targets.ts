import { requireSdks } from "../components/shared/sdk";
import type { StackOutputs } from "./outputs";
import { awsEcsTarget } from "./aws-ecs/target";
import { dockerTarget } from "./docker/target";
import { kubernetesTarget } from "./kubernetes/target";
import { vercelTarget } from "./vercel/target";
import type { Constraint } from "./settings/constraint";
import type { Preset, PresetName, Settings, SettingsByTarget, Target, Unconstrained } from "./settings/settings";

/** What an implementation can be chosen for. */
export type Concern = "database" | "cache" | "cdn" | "storage";
export const concerns = ["database", "cache", "cdn", "storage"] as const satisfies readonly Concern[];

/** Everything that the program and its readers know of a target, but for its resources. */
export interface TargetDefinition<Name extends Target = Target> {
  /** Implementations that work there; the first is the default. */
  readonly implementations: Readonly<Record<Concern, readonly [string, ...string[]]>>;
  /** Where a preset has another default. */
  readonly byPreset?: Readonly<Partial<Record<PresetName, Readonly<Partial<Record<Concern, string>>>>>>;
  /** Why the others do not, where {@link reasons} has none for one. */
  readonly reason: string;
  /** By implementation. */
  readonly reasons?: Readonly<Record<string, string>>;
  /** What a preset means there: differences from the common one. */
  readonly preset: (common: Preset, name: PresetName) => Preset;
  /** Settings that are each valid and do not go together there. */
  readonly constraints: readonly Constraint[];
  /** What is allowed there and may still surprise: a sentence with the setting that changes it, or undefined. */
  readonly warnings: readonly ((settings: SettingsByTarget[Name]) => string | undefined)[];
  /** Where a stack runs, in a column of a table; with a region, that stands there instead. */
  readonly place: string;
  /** Whether everything of a stack is in one region of AWS. */
  readonly regional: boolean;
  /** What stands for a price where nothing has one. */
  readonly unpriced: string;
  /** SDKs that its stack loads: a user installs those of their targets. */
  readonly sdks: readonly string[];
  /** The stack, loaded when it is asked for. */
  readonly load: () => (settings: SettingsByTarget[Name]) => StackOutputs;
}

export const targetDefinitions: { readonly [Name in Target]: TargetDefinition<Name> } = {
  "aws-ecs": awsEcsTarget,
  kubernetes: kubernetesTarget,
  docker: dockerTarget,
  vercel: vercelTarget,
};

/** Creates what a stack has on the target of its settings. */
export function runStack(settings: Settings): StackOutputs {
  const { load, sdks } = definitionOf(settings);
  // What builds images is loaded by the stack that does.
  requireSdks(`slipway:target ${settings.target}`, settings.build === undefined ? sdks.filter(buildsNothing) : sdks);
  return load()(settings);
}

const buildsNothing = (sdk: string) => sdk !== "@pulumi/docker-build";

/** Whether some of the stack is in a region of AWS: all of it, or RDS beside a cluster. */
export function usesRegion({ target, database }: Pick<Unconstrained, "target" | "database">): boolean {
  return targetDefinitions[target].regional || (target === "kubernetes" && database.implementation === "rds");
}

/** The one place that pairs settings with the definition of their target, as one that reads any. */
export function definitionOf({ target }: Settings): TargetDefinition<Target> {
  return targetDefinitions[target] as TargetDefinition<Target>;
}
