import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { cacheNamespace } from "../../shared/cache-namespace";
import { routedBy } from "../../ingress/contract";
import { containerProbe } from "../../shared/container-probe";
import { redacted } from "../../shared/redacted";
import { duration, envs, hardened, labels, unasked, userOf } from "../../shared/docker-container";
import type { SignalSource } from "../../monitoring/contract";
import type { DockerNetwork } from "../../network/contract";
import { DockerUploads } from "../../storage/docker-uploads";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { containerEnvironment } from "./environment";
import { type ContainerServiceArgs, type HealthCheck, killAfterSeconds } from "../contract";

export interface DockerServiceArgs extends ContainerServiceArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** Volume for uploads, writable by the image's user. @default uploads go elsewhere @example uploads.volume */
  readonly uploads?: pulumi.Input<string>;
  /**
   * Network from which the migration reaches the database.
   *
   * @default the internal one, which has no egress
   * @example network.edge
   */
  readonly migrationNetwork?: pulumi.Input<string>;
  /**
   * Image whose migration has run already: there is none then, and replicas of this image do not wait for one.
   *
   * @default none
   * @example "sha256:0a1b…"
   */
  readonly migratedImage?: string;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly replica?: Transform<docker.ContainerArgs>;
    readonly migration?: Transform<docker.ContainerArgs>;
  };
}

/**
 * Replicas of the application on one Docker host, under one name on the internal network. A new image makes new replicas
 * first; the old ones leave when the new ones are healthy. Migrations run before any of them, and a failed one stops the
 * release while the old replicas go on. Free.
 */
export class DockerService extends pulumi.ComponentResource {
  /** Names of the replicas' containers, healthy when they are known: for the router. */
  readonly replicas: readonly pulumi.Output<string>[];
  /** Name and port of whatever replica on the internal network: for Prometheus. */
  readonly upstream: { readonly host: string; readonly port: number; readonly metricsPort: number };
  readonly signals: readonly SignalSource[];
  readonly logs: pulumi.Output<string>;
  readonly rollback: pulumi.Output<string>;

  constructor(name: string, args: DockerServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:DockerService", name, {}, transforming(opts, args.transform));
    const { variables, mounts, versions } = containerEnvironment({
      CACHE_NAMESPACE: cacheNamespace(name, args.environment),
      ...args.environment,
    });
    const common: Omit<docker.ContainerArgs, "image"> = {
      ...hardened({ ...args.size, writable: args.writable }),
      user: userOf(args.user),
      envs: envs(variables),
      mounts: [...mounts, ...uploadsOf(args)],
    };
    const migrated = this.migrate(name, args, common);
    this.replicas = Array.from(
      { length: args.scaling.minReplicas },
      (_, index) => this.replica(`${name}-${index + 1}`, name, args, common, { ...versions, ...migrated }).name,
    );

    this.upstream = { host: name, port: args.port, metricsPort: args.metricsPort };
    const measured = args.health.platform ?? true;
    this.signals = !measured
      ? []
      : [
          {
            kind: "service",
            name,
            identifiers: {
              exporter: "application",
              job: name,
              cpus: String(args.size.cpuMillis / 1000),
              memoryBytes: String(args.size.memoryMb * 1024 ** 2),
            },
            capacity: { minReplicas: args.scaling.minReplicas },
          },
          { kind: "ingress", name, identifiers: { exporter: "application", job: name } },
        ];
    const filter = `--filter label=app.slipway.stack=${pulumi.getStack()} --filter label=app.slipway.component=${name}`;
    this.logs = pulumi.output(`for id in $(docker ps -q ${filter}); do docker logs -f --since 10m $id & done; wait`);
    this.rollback = pulumi.output("set the image of the previous release, then pulumi up");
    this.registerOutputs({ logs: this.logs, rollback: this.rollback });
  }

  /** Labels that carry the proof of a finished migration, so that no replica starts without it. */
  private migrate(
    name: string,
    args: DockerServiceArgs,
    common: Omit<docker.ContainerArgs, "image">,
  ): Record<string, pulumi.Output<string>> {
    if (args.migratedImage !== undefined) {
      const image = createHash("sha256").update(args.migratedImage).digest("hex").slice(0, 12);
      return { "app.slipway.migration": pulumi.output(image) };
    }
    if (args.migration === undefined) return {};
    const { variables, mounts } = containerEnvironment({
      CACHE_NAMESPACE: cacheNamespace(name, args.environment),
      ...(args.migrationEnvironment ?? args.environment),
    });
    const container = new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-migrate`,
        {
          ...common,
          envs: envs(variables),
          mounts: [...mounts, ...uploadsOf(args)],
          image: args.image.reference,
          command: [...args.migration],
          labels: labels(`${name}-migrate`),
          networksAdvanced: [{ name: args.migrationNetwork ?? args.network.internal }],
          // Runs to its end, and `pulumi up` waits for that.
          attach: true,
          logs: true,
          mustRun: false,
          restart: "no",
          wait: false,
          healthcheck: unasked,
        },
        // What a migration says may hold anything: it is encrypted in the state.
        { parent: this, deleteBeforeReplace: false, additionalSecretOutputs: ["containerLogs"] },
        args.transform?.migration,
      ),
    );
    const migration = pulumi
      .all([container.exitCode, pulumi.unsecret(container.containerLogs), container.id])
      .apply(([code, logs, id]) => {
        if (code === 0) return id.slice(0, 12);
        throw new pulumi.RunError(
          `The migration of ${name} failed with exit code ${code}; no replica was touched.\n${redacted(logs)}\n` +
            `When its cause is gone: pulumi up --replace '${"**"}${name}-migrate'`,
        );
      });
    return { "app.slipway.migration": migration };
  }

  private replica(
    replica: string,
    service: string,
    args: DockerServiceArgs,
    common: Omit<docker.ContainerArgs, "image">,
    more: Readonly<Record<string, pulumi.Input<string>>>,
  ): docker.Container {
    return new docker.Container(
      ...childOf<docker.ContainerArgs>(
        replica,
        {
          ...common,
          // No name of its own: the new replica runs beside the old one of the same name.
          image: args.image.reference,
          ...(args.command === undefined ? {} : { command: [...args.command] }),
          labels: labels(service, more),
          networksAdvanced: [
            { name: args.network.internal, aliases: [service] },
            // The network for the application's own calls. Without the name: Prometheus comes over `internal`.
            { name: args.network.edge },
          ],
          healthcheck: healthcheck(args.health, args.port),
          waitTimeout: args.health.startupSeconds + 30,
          stopTimeout: killAfterSeconds(args.shutdown),
          destroyGraceSeconds: killAfterSeconds(args.shutdown),
        },
        { parent: this, deleteBeforeReplace: false },
        args.transform?.replica,
      ),
    );
  }
}

function healthcheck(health: HealthCheck, port: number): docker.types.input.ContainerHealthcheck {
  const { intervalSeconds, timeoutSeconds, startupSeconds } = health;
  return {
    tests: containerProbe(health, routedBy(health), port),
    interval: duration(intervalSeconds),
    timeout: duration(timeoutSeconds),
    // Failures until then do not count; it also keeps the engine from filling in the image's own.
    startPeriod: duration(startupSeconds),
    retries: 3,
  };
}

function uploadsOf({ uploads }: DockerServiceArgs): docker.types.input.ContainerMount[] {
  return uploads === undefined ? [] : [{ type: "volume", target: DockerUploads.folder, source: uploads }];
}
