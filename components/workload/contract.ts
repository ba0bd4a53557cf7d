import { requestsPerMinutePerReplica } from "./scaling-defaults";
import { output, type Input, type Output } from "@pulumi/pulumi";
import type { ImageReference } from "../image/contract";
import { releaseOf } from "../image/contract";
import type { HealthCheck, Ingress } from "../ingress/contract";
import type { SignalSource } from "../monitoring/contract";
import type { Environment } from "../shared/environment";

export type { HealthCheck } from "../ingress/contract";

/**
 * What runs: an image, a command, and how much of it. With an {@link Ingress} it is a web service, without one a worker,
 * with a schedule a job.
 */
export interface Process {
  /** The image, by digest where it can be. @example "ghcr.io/acme/shop@sha256:4be1…" */
  readonly image: Input<string> | ImageReference;
  /** Command in the image. Not a setting: a server's is its image's. @default the image's own @example ["node", "worker.js"] */
  readonly command?: readonly string[];
  /** Number of the user, and of the group, that runs it. @default 1001 @example 1000 */
  readonly user?: number;
  /** Folders beside `/tmp` that it writes to; empty at each start. @default [] @example ["/app/.next/cache"] */
  readonly writable?: readonly string[];
  /** Variables, and references to secrets. @default {} @example { LOG_LEVEL: "info" } */
  readonly environment?: Environment;
  /** What one replica may use. @default { cpuMillis: 500, memoryMb: 1024 } @example { cpuMillis: 1000, memoryMb: 2048 } */
  readonly size?: ServiceSize;
  /** How many replicas run. @default two, always @example { minReplicas: 2, maxReplicas: 10 } */
  readonly scaling?: Partial<ServiceScaling>;
  /** How a replica is stopped. @default { drainSeconds: 15, graceSeconds: 25 } @example { drainSeconds: 0, graceSeconds: 60 } */
  readonly shutdown?: Shutdown;
  /** Private TCP port of `/metrics`. @default 9464 @example 9100 */
  readonly metricsPort?: number;
}

const defaultMetricsPort = 9464;
/** User of an image made as docs/bring-your-app.md shows it. */
export const defaultUser = 1001;
const defaultSize: ServiceSize = { cpuMillis: 500, memoryMb: 1024 };
const defaultShutdown: Shutdown = { drainSeconds: 15, graceSeconds: 25 };
const defaultScaling: ServiceScaling = {
  minReplicas: 2,
  maxReplicas: 2,
  targetCpuPercent: 60,
  targetMemoryPercent: 75,
  requestsPerMinutePerReplica,
};

/** A {@link Process} with every default filled in. */
export interface ResolvedProcess extends Required<Omit<Process, "image" | "command" | "scaling">> {
  readonly image: ImageReference;
  readonly command: readonly string[] | undefined;
  readonly scaling: ServiceScaling;
}

/** @throws when the replicas cannot be: one message that names all that is wrong. */
export function resolveProcess(name: string, process: Process): ResolvedProcess {
  const { minReplicas = defaultScaling.minReplicas } = process.scaling ?? {};
  const scaling = {
    ...defaultScaling,
    maxReplicas: Math.max(minReplicas, defaultScaling.maxReplicas),
    ...process.scaling,
  };
  if (scaling.maxReplicas < scaling.minReplicas) {
    throw new Error(
      `${name}: scaling.maxReplicas ${scaling.maxReplicas} is less than scaling.minReplicas ${scaling.minReplicas}`,
    );
  }
  return {
    image: imageOf(process.image),
    command: process.command,
    user: process.user ?? defaultUser,
    writable: process.writable ?? [],
    environment: process.environment ?? {},
    size: process.size ?? defaultSize,
    scaling,
    shutdown: process.shutdown ?? defaultShutdown,
    metricsPort: process.metricsPort ?? defaultMetricsPort,
  };
}

/**
 * The same of a process that nobody sends requests to, a worker or a job, which is its command.
 *
 * @throws when it has none.
 */
export function resolveCommand(
  name: string,
  process: Process,
): ResolvedProcess & { readonly command: readonly string[] } {
  const resolved = resolveProcess(name, process);
  if (resolved.command === undefined) throw new Error(`${name}: process.command is missing: what it runs`);
  return { ...resolved, command: resolved.command };
}

/** One worker is what a queue needs; a second is asked for. */
export const oneWorker: Pick<Process, "scaling"> = { scaling: { minReplicas: 1, maxReplicas: 1 } };

function imageOf(image: Process["image"]): ImageReference {
  if (typeof image === "object" && "reference" in image && "release" in image) return image;
  const reference = output(image as Input<string>);
  return { reference, release: reference.apply(releaseOf) };
}

/** A web service in the words of a stack: a process, its ingress, how it is released, and what migrates its database. */
export interface ContainerServiceArgs extends Process, Ingress {
  /** The application's image. @example new DockerImage("image", { source: { from: "build", context: "app" } }) */
  readonly image: ImageReference;
  /** Variables: values, or references to secrets. @example { LOG_LEVEL: "info", ...database.environment } */
  readonly environment: Environment;
  /** Variables of the migration. @default those of the application @example { DATABASE_URL: database.url } */
  readonly migrationEnvironment?: Environment;
  /** What one replica may use. @example { cpuMillis: 500, memoryMb: 512 } */
  readonly size: ServiceSize;
  /**
   * How many replicas there are, and when there are more.
   * @example { minReplicas: 2, maxReplicas: 6, targetCpuPercent: 60, targetMemoryPercent: 75, requestsPerMinutePerReplica: 1000 }
   */
  readonly scaling: ServiceScaling;
  /**
   * What asks whether a replica lives and can serve.
   * @example { livePath: "/health", readyPath: "/ready", intervalSeconds: 10, timeoutSeconds: 5, startupSeconds: 60 }
   */
  readonly health: HealthCheck;
  /** How long a replica may take to stop, in seconds. @example { drainSeconds: 15, graceSeconds: 25 } */
  readonly shutdown: Shutdown;
  /** How a new release takes over. @example { strategy: "rolling" } */
  readonly release: ReleaseStrategy;
  /** TCP port on which the process listens. @example 3000 */
  readonly port: number;
  /** TCP port of `/metrics`. @example 9464 */
  readonly metricsPort: number;
  /**
   * Command that migrates the database, in the same image; runs once before new replicas get traffic, and when it
   * fails the previous release goes on. @default nothing to migrate @example ["node", "migrate.js"]
   */
  readonly migration?: readonly string[];
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
  /** Average memory use, in percent of the size, above which replicas are added. False: memory adds none. */
  readonly targetMemoryPercent: number | false;
  /** Requests per minute and replica above which replicas are added, where the target can count them. */
  readonly requestsPerMinutePerReplica: number;
}

export interface Shutdown {
  /** Seconds between "out of routing" and SIGTERM, or for which readiness fails first. */
  readonly drainSeconds: number;
  /** Seconds that requests in flight then get until SIGKILL. */
  readonly graceSeconds: number;
}

/** When a replica may be killed after SIGTERM: 5 s after its own deadline, for what it does last. */
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

/** A running service: replicas behind a health-checked ingress. */
export interface ContainerService {
  /** Address of the ingress, as a CDN or a browser reaches it: scheme and host, without a trailing slash. */
  readonly url: Output<string>;
  /** Host name of the ingress, for a CDN or a DNS record to point at. */
  readonly hostname: Output<string>;
  readonly signals: readonly SignalSource[];
  /** Command that follows the logs. */
  readonly logs: Output<string>;
  /** Command that goes back to the previous release. */
  readonly rollback: Output<string>;
}
