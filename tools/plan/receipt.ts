/** Of the requests that one release answered. */
export interface ReleaseMetrics {
  readonly requests: number;
  readonly errors: number;
  /** Of the whole, from 0 to 1. */
  readonly errorRatio: number;
  readonly p95Seconds: number;
}

/** What a release leaves behind: metrics, kept with the stack. */
export interface Receipt {
  readonly version: 1;
  readonly stack: string;
  readonly target: string;
  readonly strategy: string;
  /** `returned`: the new release got requests and lost them again. `refused`: it never got any. */
  readonly outcome: "released" | "returned" | "refused" | "unchanged";
  /** Why it was not released. */
  readonly reason?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly image: { readonly reference: string; readonly digest: string; readonly commit?: string };
  readonly previous?: { readonly reference: string; readonly digest: string };
  /** Absent: there is none. */
  readonly migration?: { readonly exitCode: number; readonly seconds: number };
  /** As the ingress logged them, static files left out. Undefined: the target counts them elsewhere. */
  readonly requests:
    | {
        readonly total: number;
        readonly newRelease: number;
        /** Answers of 500 and more. */
        readonly failed: number;
        readonly slowestSeconds: number;
      }
    | undefined;
  readonly steps: readonly {
    readonly weight: number;
    readonly seconds: number;
    readonly result: "passed" | "failed";
    readonly reason: string;
    readonly candidate: ReleaseMetrics;
    readonly stable: ReleaseMetrics;
  }[];
  /** Seconds from the start of the stage to its end. */
  readonly seconds: {
    readonly ready?: number;
    readonly switch?: number;
    readonly return?: number;
    readonly drain?: number;
    readonly total: number;
  };
  readonly judge: string;
  /** Absent: no restore is known. RFC 3339. */
  readonly lastRestoredBackup?: string;
}
