import type { Problem } from "./problems";
import type { Unconstrained } from "./settings";

/** One way in which settings that are each valid do not go together. Returns what is wrong, by key. */
export type Constraint = (settings: Unconstrained, surroundings: Surroundings) => readonly Problem[];

/** The secrets of a stack file that exist elsewhere. Their text is in no message: somebody may have written the value there. */
export const referencesIn = (secrets: Unconstrained["secrets"]) =>
  Object.entries(secrets).flatMap(([name, source]) =>
    typeof source === "object" && "reference" in source ? [{ ...source, setting: `secrets.${name}` }] : [],
  );

/** What the settings lean on beside the namespace `slipway`. */
export interface Surroundings {
  /** `aws:region`. */
  readonly awsRegion?: string;
  /** Names under `slipway:secrets` whose values are not encrypted in the stack file. */
  readonly plainSecrets?: readonly string[];
  /** Whether `slipway:monitoring.webhook` is given and not encrypted. */
  readonly plainWebhook?: boolean;
  /** Keys outside of `slipway:secrets` whose values are encrypted in the stack file. */
  readonly misplaced?: readonly string[];
  /** What reading the stack file has found already. */
  readonly problems?: readonly Problem[];
  /** Folder of the project, which paths in the stack file start from. Default: where the process runs. */
  readonly folder?: string;
  /** Name of the project, which physical names carry. */
  readonly project?: string;
  /** Name of the stack, which physical names carry. */
  readonly stack?: string;
  /** What the stack file leans on and was not read: shown below the problems. */
  readonly remarks?: readonly string[];
}
