import type { Failure } from "../../plan/failure";
import type { Plan } from "../../plan/plan";
import type { Stopped } from "../../sources/in-process/busy";

/** A preview that is asked for: of a stack of the project in a folder. */
export interface Asked {
  readonly projectDir: string;
  readonly stack: string;
}

/** What the process of the programs says of one preview after the other, a line of JSON each. */
export type Answer =
  | { readonly what: "plan"; readonly plan: Plan }
  | { readonly what: "fails"; readonly failure: Failure }
  // By the second thread, before anything else: it may be the last that there is to read.
  | { readonly what: "stopped"; readonly stopped: Stopped };

/** The descriptor that answers are written to: standard output is the program's own. */
export const answerOn = 3;
