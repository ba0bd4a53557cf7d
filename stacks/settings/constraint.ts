import type { Problem } from "./problems";
import type { Unconstrained } from "./settings";

/** One way in which settings that are each valid do not go together. Returns what is wrong, by key. */
export type Constraint = (settings: Unconstrained, surroundings: Surroundings) => readonly Problem[];

/** What the settings lean on beside the namespace `slipway`. */
export interface Surroundings {
  /** `aws:region`. */
  readonly awsRegion?: string;
  /** Names under `slipway:secrets` whose values are not encrypted in the stack file. */
  readonly plainSecrets?: readonly string[];
}
