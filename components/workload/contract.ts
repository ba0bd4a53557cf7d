import type { Output } from "@pulumi/pulumi";
import type { ImageReference } from "../image/contract";
import type { SignalSource } from "../monitoring/contract";
import type { Environment } from "../shared/environment";

export interface ContainerServiceArgs {
  readonly image: ImageReference;
  readonly environment: Environment;
  readonly size: ServiceSize;
  readonly scaling: ServiceScaling;
  readonly health: HealthCheck;
  readonly shutdown: Shutdown;
  readonly release: ReleaseStrategy;
  /** Port the application listens on. Default of the image: 3000. */
  readonly port: number;
  /** Private port of `/metrics`. Default of the image: 9464. */
  readonly metricsPort: number;
  /**
   * Command that migrates the database, in the same image; runs once before new replicas get traffic, and when it
   * fails the old release goes on. Default of the image: `["node", "migrate.js"]`. Absent: nothing to migrate.
   */
  readonly migration?: readonly string[];
  /** The site's public host name, for example `shop.example.com`. */
  readonly domain: string;
}

/** What one replica may use. */
export interface ServiceSize {
  /** In thousandths of a virtual CPU: 500 is half a CPU. */
  readonly cpuMillis: number;
  /** In MiB. */
  readonly memoryMb: number;
}

export interface ServiceScaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Average CPU use, in percent of the size, above which replicas are added. */
  readonly targetCpuPercent: number;
  /** Average memory use, in percent of the size, above which replicas are added. */
  readonly targetMemoryPercent: number;
  /** Requests a minute and replica above which replicas are added, where the target can count them. */
  readonly requestsPerMinutePerReplica: number;
}

export interface HealthCheck {
  /** Says that the process lives; never asks a dependency. */
  readonly livePath: string;
  /** Says that the replica can serve. */
  readonly readyPath: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Seconds a replica may take until it is first healthy. */
  readonly startupSeconds: number;
}

export interface Shutdown {
  /** Seconds between "out of routing" and SIGTERM, or for which readiness fails first. */
  readonly drainSeconds: number;
  /** Seconds that requests in flight then get until SIGKILL. */
  readonly graceSeconds: number;
}

/** When a replica may be killed that was told to stop: 5 s after its own deadline, for what it does last. */
export function killAfterSeconds({ drainSeconds, graceSeconds }: Shutdown): number {
  return drainSeconds + graceSeconds + 5;
}

export type ReleaseStrategy =
  | { readonly strategy: "rolling" }
  | { readonly strategy: "blue-green"; readonly bakeMinutes: number }
  | {
      readonly strategy: "canary";
      /** Percent of the traffic that sees the new release first. */
      readonly weightPercent: number;
      /** Minutes at that weight before the rest follows. */
      readonly stepMinutes: number;
      /** Minutes both releases stay up after the switch, for an instant way back. */
      readonly bakeMinutes: number;
    }
  | {
      readonly strategy: "linear";
      readonly weightPercent: number;
      readonly stepMinutes: number;
      readonly bakeMinutes: number;
    };

/** A running service: replicas behind a health-checked entrance. */
export interface ContainerService {
  /** Address of the entrance, as a CDN or a browser reaches it: scheme and host, without a trailing slash. */
  readonly url: Output<string>;
  /** Host name of the entrance, for a CDN or a DNS record to point at. */
  readonly hostname: Output<string>;
  readonly signals: readonly SignalSource[];
  /** Command that follows the logs. */
  readonly logs: Output<string>;
  /** Command that goes back to the release before. */
  readonly rollback: Output<string>;
}
