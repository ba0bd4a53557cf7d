import type { Output } from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";
import type { SignalSource } from "../monitoring/contract";
import type { SecretRef } from "../secrets/contract";

export interface CacheArgs {
  /** Memory for entries, in MiB; the least recently used go first when it is full. @example 512 */
  readonly memoryMb: number;
}

/** A cache that speaks the Redis protocol. Losing it makes the site slower, never wrong. */
export interface Cache {
  /** `redis://host:port` or `rediss://host:port` (TLS), with a user where there is one, without the password. */
  readonly url: Output<string>;
  readonly password: SecretRef;
  /** `REDIS_*` variables for an application. */
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
}
