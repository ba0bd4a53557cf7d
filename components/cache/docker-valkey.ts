import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../shared/environment";
import { hardened, labels, secretPath } from "../shared/docker-container";
import type { SignalSource } from "../monitoring/contract";
import type { DockerNetwork } from "../network/contract";
import type { DockerSecretRef } from "../secrets/contract";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import type { Cache, CacheArgs } from "./contract";

export interface DockerValkeyArgs extends CacheArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** An image with `valkey-server` and `valkey-cli`, such as the public `valkey/valkey`. @example "valkey/valkey:8.1" */
  readonly image: pulumi.Input<string>;
  /** In thousandths of a CPU. @example 500 */
  readonly cpuMillis: number;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly server?: Transform<docker.ContainerArgs> };
}

/**
 * Valkey in a container, on the internal network alone, in memory only. What it holds can be made again; a restart costs
 * a slow minute, so there is nothing to back up. Free.
 */
export class DockerValkey extends pulumi.ComponentResource implements Cache {
  readonly url: pulumi.Output<string>;
  readonly password: DockerSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];

  constructor(name: string, args: DockerValkeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cache:DockerValkey", name, {}, transforming(opts, args.transform));
    const parent = { parent: this };
    const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, parent).result;
    const secrets = dockerSecretFiles(
      `${name}-secrets`,
      {
        image: args.image,
        // The server takes its password from a file only as a line of its configuration: in its arguments, every user of
        // the host could read it.
        files: { password, configuration: password.apply(valkeyConfiguration) },
      },
      parent,
    );
    this.password = secrets["password"]!;
    const settings = secrets["configuration"]!;

    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          // The server needs room beside the entries: buffers of clients, and fragmentation.
          ...hardened({ cpuMillis: args.cpuMillis, memoryMb: Math.ceil(args.memoryMb * 1.5) + 32 }),
          name,
          image: args.image,
          user: "999:999",
          command: ["valkey-server", secretPath("configuration", "value"), "--maxmemory", `${args.memoryMb}mb`],
          labels: labels("cache", { "app.slipway.configuration": settings.version! }),
          networksAdvanced: [{ name: args.network.internal, aliases: [name] }],
          mounts: [
            { type: "volume", target: "/run/secrets/configuration", source: settings.volume, readOnly: true },
            { type: "volume", target: "/run/secrets/password", source: this.password.volume, readOnly: true },
          ],
          healthcheck: {
            tests: [
              "CMD-SHELL",
              `REDISCLI_AUTH="$(cat ${secretPath("password", "value")})" valkey-cli ping | grep -q PONG`,
            ],
            interval: "5s",
            timeout: "3s",
            retries: 6,
          },
          waitTimeout: 60,
          stopTimeout: 10,
        },
        { ...parent, deleteBeforeReplace: true },
        args.transform?.server,
      ),
    );
    this.url = pulumi.output(`redis://${name}:6379`);
    this.environment = { REDIS_URL: this.url, REDIS_PASSWORD: this.password };
    this.signals = [{ kind: "cache", name, identifiers: { exporter: "application" } }];
    this.registerOutputs({ url: this.url });
  }
}

/** In memory only; the least recently used entry goes first when it is full. */
export function valkeyConfiguration(password: string): string {
  return `requirepass ${password}
maxmemory-policy allkeys-lru
save ""
appendonly no
`;
}
