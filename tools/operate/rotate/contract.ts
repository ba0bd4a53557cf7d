import type { Progress } from "../contract";

/** A program such as `aws` or `kubectl`: what it printed. The input is for what no argument may show. */
export type Fed = (command: string, args: readonly string[], input?: string) => Promise<string>;

export interface RotateOptions {
  /** The previous value is accepted no longer. */
  readonly finish: boolean;
  /** Nothing is left that the previous key encrypted. */
  readonly reencrypted: boolean;
}

export interface Rotated {
  readonly secret: string;
  readonly outcome: "rotated" | "finished";
  /** What follows from it, or is still to be done. */
  readonly note: string;
}

/** What a rotation needs beside the stack. */
export interface RotateTools {
  readonly run: Fed;
  readonly progress: Progress;
  /** Of the target's controllers. Absent: `pulumi up` has waited. */
  settled?(): Promise<void>;
  readonly pollSeconds: number;
}
