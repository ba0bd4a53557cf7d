import type { DockerOperations, EcsOperations, KubernetesOperations } from "../../stacks/operations";
import type { Receipt } from "../plan/receipt";
import { UsageError } from "../plan/usage-error";

/** Options of a verb, beside its stack. */
export interface ReleaseOptions {
  /** Image to release. Default: `slipway:image` of the stack file. */
  readonly image?: string;
  /** Requests that the new release must have answered at each step, or there is no verdict, which counts as failure. */
  readonly minimumRequests: number;
  /** In place of the stack's minutes. */
  readonly stepSeconds?: number;
  readonly bakeSeconds?: number;
  /** Folder of a policy pack, and the file with its configuration, for `pulumi up`. Default: none. */
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
}

/** What a controller says of a release that it carries out itself. */
export interface Progressing {
  readonly state: "progressing" | "released" | "returned";
  readonly reason: string;
}

/** What a release says while it goes on: one line a stage. */
export type Progress = (stage: string, text: string) => void;

export interface Status {
  readonly releases: readonly {
    readonly name: "stable" | "candidate" | "previous";
    readonly image: string;
    /** Percent of new visitors. */
    readonly weight: number;
    readonly replicas: number;
    readonly healthy: number;
    /** RFC 3339. */
    readonly since: string;
  }[];
  /** What is there and belongs to no release, in words. */
  readonly leftOver: readonly string[];
  readonly receipts: readonly Receipt[];
  /** Visitors get the error page. Absent: the target has no such mode. */
  readonly maintenance?: boolean;
  /** When the newest backup was restored that passed a drill. Absent: none is known. RFC 3339. */
  readonly lastRestoredBackup?: string;
}

export type Connection = "shell" | "database";

export interface LogOptions {
  readonly follow: boolean;
  /** Such as `10m`. */
  readonly since: string;
}

/** The verbs of day two on one target. What a driver needs to know of a stack is in the stack's outputs. */
export interface Driver {
  release(options: ReleaseOptions, progress: Progress): Promise<Receipt>;
  /** Ends a release in progress, or releases the previous image again. */
  rollback(options: Omit<ReleaseOptions, "image">, progress: Progress): Promise<Receipt>;
  status(): Promise<Status>;
  /** Exit code of the program that shows them. */
  logs(options: LogOptions): Promise<number>;
  /** Visitors get the error page, or the site again. Absent: the target has no such mode. */
  maintenance?(on: boolean): Promise<void>;
  /** Opens a session of its own, and closes what it started. Absent: the target has no such way. */
  connect?(what: Connection, options: { readonly port: number }, progress: Progress): Promise<number>;
  /** Exit code of the command in a replica. */
  exec(command: readonly string[]): Promise<number>;
  /** What the target's controllers make of the last `pulumi up`. Absent: that has waited for it. */
  progress?(): Promise<Progressing>;
}

export interface Stack<Kind = DockerOperations | EcsOperations | KubernetesOperations> {
  readonly name: string;
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly operations: Kind;
  /** `pulumi` in the stack's folder: what it printed. */
  pulumi(...args: readonly string[]): Promise<string>;
}

/** What a person can do something about: a message without a stack trace. */
export class OperateError extends UsageError {}
