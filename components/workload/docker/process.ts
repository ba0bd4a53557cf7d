import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerNetwork } from "../../network/contract";
import { cacheNamespace } from "../../shared/cache-namespace";
import { envs, hardened, unasked, userOf } from "../../shared/docker-container";
import { DockerUploads } from "../../storage/docker-uploads";
import { killAfterSeconds, type Process, type ResolvedProcess } from "../contract";
import { containerEnvironment } from "./environment";

/** What every process on one Docker host takes, whether it serves, works or ends. */
export interface DockerProcessArgs {
  /** What runs. @example { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "mail.js"] } */
  readonly process: Process;
  /** Its networks: database and cache on one, the world on the other. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** Volume for uploads, writable by the image's user. @default uploads go elsewhere @example uploads.volume */
  readonly uploads?: pulumi.Input<string>;
}

/** The container of a process that nobody sends requests to, but for its networks. */
export function processContainer(
  name: string,
  args: DockerProcessArgs,
  process: ResolvedProcess,
  more: Readonly<Record<string, string>> = {},
): { readonly container: docker.ContainerArgs; readonly versions: Readonly<Record<string, pulumi.Input<string>>> } {
  const { variables, mounts, versions } = containerEnvironment({
    METRICS_PORT: String(process.metricsPort),
    SHUTDOWN_DELAY_SECONDS: String(process.shutdown.drainSeconds),
    SHUTDOWN_GRACE_SECONDS: String(process.shutdown.graceSeconds),
    CACHE_NAMESPACE: cacheNamespace(name, process.environment),
    ...process.environment,
    RELEASE: process.image.release,
    ...more,
  });
  const uploads =
    args.uploads === undefined ? [] : [{ type: "volume", target: DockerUploads.folder, source: args.uploads }];
  return {
    container: {
      ...hardened({ ...process.size, writable: process.writable }),
      image: process.image.reference,
      user: userOf(process.user),
      envs: envs(variables),
      mounts: [...mounts, ...uploads],
      healthcheck: unasked,
      wait: false,
      stopTimeout: killAfterSeconds(process.shutdown),
      destroyGraceSeconds: killAfterSeconds(process.shutdown),
    },
    versions,
  };
}
