import type { Output } from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";

export interface StorageArgs {
  /** Refuse deletion, and keep the files when the stack is destroyed. @example true */
  readonly protect: boolean;
}

/** Object storage for what users upload. */
export interface Storage {
  /** Name of the bucket. */
  readonly bucket: Output<string>;
  /** `STORAGE_*` variables for an application. */
  readonly environment: Environment;
}
