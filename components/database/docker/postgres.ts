import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../shared/environment";
import { envs, hardened, labels, secretPath } from "../../shared/docker-container";
import type { SignalSource } from "../../monitoring/contract";
import type { DockerNetwork } from "../../network/contract";
import type { DockerSecretRef } from "../../secrets/contract";
import { dockerSecretFiles } from "../../shared/docker-secret-files";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";
import type { Database, DatabaseArgs } from "../contract";
import { tuning } from "../postgres-tuning";
import { backupContainer, type BackupBucket, metricsPort, spool } from "./backups";
import { dumpContainer, dumpFolder } from "./dumps";
import { healthTest, servingScript } from "./password";

/** One server on one host: a volume takes what its disk has, and a second server would be lost together with the first. */
export interface DockerPostgresArgs extends Omit<DatabaseArgs, "storageGb" | "standby" | "readReplicas"> {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /**
   * An image that keeps the environment contract of the public `postgres` image, of the same major version.
   * @example "postgres:17"
   */
  readonly image: pulumi.Input<string>;
  /** In thousandths of a CPU. @example 500 */
  readonly cpuMillis: number;
  /** In MiB. @example 512 */
  readonly memoryMb: number;
  /** Hour and minute of the daily backup, in UTC. @example { hour: 3, minute: 15 } */
  readonly backupAt: { readonly hour: number; readonly minute: number };
  /** Any second of the retention can be restored, by pgBackRest. @default a dump a day @example { image: "pgbackrest:17" } */
  readonly pointInTime?: PointInTimeArgs;
  /** Changes to the children, before they are created. @default none @example { server: { memory: 1024 } } */
  readonly transform?: ChildTransforms & {
    readonly server?: Transform<docker.ContainerArgs>;
    readonly backup?: Transform<docker.ContainerArgs>;
  };
}

export interface PointInTimeArgs {
  /** The server's image with pgBackRest in it. */
  readonly image: pulumi.Input<string>;
  /** Where backups go beside this host. @default nowhere: they are lost with the host */
  readonly bucket?: BackupBucket;
  /** Key of the backups. @default one that is generated, and is in the stack's state alone */
  readonly key?: DockerSecretRef;
  /** Seconds of writes that the host's loss costs at most. @default 60 */
  readonly recoveryPointSeconds?: number;
  /** Days between two drills. @default 7 */
  readonly drillEveryDays?: number;
  /** Volume with uploads, which go into the backups. */
  readonly uploads?: pulumi.Input<string>;
  /** Generated secrets, which go into the backups: without them encrypted columns cannot be read. */
  readonly keys?: Readonly<Record<string, DockerSecretRef>>;
}

/**
 * PostgreSQL in a container, on the internal network alone, with its data in a volume. A container beside it makes a dump
 * every day or, with `pointInTime`, archives the server's log and makes base backups. One server: while it restarts, the
 * site serves what it has cached. Free.
 *
 * The volumes are kept when the stack is destroyed, if `protect` is set: the data outlives the program.
 */
export class DockerPostgres extends pulumi.ComponentResource implements Database {
  readonly url: pulumi.Output<string>;
  readonly password: DockerSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  readonly restore: pulumi.Output<string>;
  /** Name of the container that backs up and restores to a point in time. */
  readonly backup?: pulumi.Output<string>;
  /** Its metrics, for Prometheus. */
  readonly metrics?: { readonly host: string; readonly metricsPort: number };

  constructor(name: string, args: DockerPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:database:DockerPostgres", name, {}, transforming(opts, args.transform));
    const databaseName = args.databaseName ?? "app";
    const { pointInTime } = args;
    const parent = { parent: this };
    const kept = { ...parent, protect: args.protect, retainOnDelete: args.protect };

    const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, parent).result;
    const secrets = dockerSecretFiles(`${name}-secrets`, { image: args.image, files: { password } }, parent);
    this.password = secrets["password"]!;

    const data = new docker.Volume(`${name}-data`, { name: `${name}-data` }, kept);
    const backups = new docker.Volume(`${name}-backups`, { name: `${name}-backups` }, kept);
    const host = `${name}:5432/${databaseName}`;
    this.url = pulumi.interpolate`postgres://${databaseName}@${host}`;
    this.environment = {
      DATABASE_URL: this.url,
      DATABASE_PASSWORD: this.password,
      // The internal network has two ends on one host and no other member that could listen.
      DATABASE_TLS: "disable",
    };
    const signals: SignalSource[] = [{ kind: "database", name, identifiers: { exporter: "application" } }];
    if (pointInTime === undefined) {
      const server = this.server(name, args, databaseName, data);
      const { name: container } = dumpContainer(
        `${name}-backup`,
        { ...args, databaseName, server, backups: backups.name, password: this.password, host: name },
        args.transform?.backup,
        this,
      );
      this.restore = pulumi.interpolate`docker exec ${container} ls ${dumpFolder}, then docker exec ${container} pg_restore --clean --if-exists -h ${name} -U ${databaseName} -d ${databaseName} ${dumpFolder}/FILE`;
    } else {
      const { recoveryPointSeconds = 60, drillEveryDays = 7 } = pointInTime;
      const spooled = new docker.Volume(`${name}-spool`, { name: `${name}-spool` }, parent);
      const scratch = new docker.Volume(`${name}-scratch`, { name: `${name}-scratch` }, parent);
      const server = this.server(name, args, databaseName, data, { volume: spooled.name, recoveryPointSeconds });
      const backup = backupContainer(
        `${name}-backup`,
        {
          ...pointInTime,
          ...{ recoveryPointSeconds, drillEveryDays, databaseName, server, host: name, password: this.password },
          ...{ network: args.network, cpuMillis: args.cpuMillis, backupAt: args.backupAt },
          retentionDays: args.backupRetentionDays,
          key: pointInTime.key ?? this.generatedKey(name, args.image),
          volumes: { data: data.name, spool: spooled.name, backups: backups.name, scratch: scratch.name },
          transform: args.transform?.backup,
        },
        this,
      );
      this.backup = backup.name;
      this.metrics = { host: `${name}-backup`, metricsPort };
      signals.push({
        kind: "backup",
        name: `${name}-backup`,
        identifiers: { exporter: "pgbackrest", job: this.metrics.host },
        capacity: { recoveryPointSeconds, drillEveryDays },
      });
      this.restore = pulumi.interpolate`slipway restore ${pulumi.getStack()} --at TIME, or docker exec ${backup.name} bash /etc/slipway/backup.sh restore TIME`;
    }
    this.signals = signals;
    this.registerOutputs({ url: this.url, restore: this.restore });
  }

  private generatedKey(name: string, image: pulumi.Input<string>): DockerSecretRef {
    const parent = { parent: this };
    const key = new random.RandomPassword(`${name}-backup-key`, { length: 64, special: false }, parent).result;
    return dockerSecretFiles(`${name}-backup-secrets`, { image, files: { "backup-key": key } }, parent)["backup-key"]!;
  }

  private server(
    name: string,
    args: DockerPostgresArgs,
    databaseName: string,
    data: docker.Volume,
    archive?: { readonly volume: pulumi.Input<string>; readonly recoveryPointSeconds: number },
  ): docker.Container {
    return new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          ...hardened({
            cpuMillis: args.cpuMillis,
            memoryMb: args.memoryMb,
            tmpfs: {
              "/tmp": "rw,noexec,nosuid,nodev,size=64m",
              "/var/run/postgresql": "rw,nosuid,nodev,uid=999,gid=999,mode=2777",
            },
          }),
          name,
          image: args.image,
          user: "999:999",
          command: [
            ...["bash", "-c", servingScript, "postgres"],
            ...[
              ...parameters(args.memoryMb),
              ...(archive === undefined ? [] : archiving(archive.recoveryPointSeconds)),
            ].flatMap((parameter) => ["-c", parameter]),
          ],
          envs: envs({
            POSTGRES_DB: databaseName,
            POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --data-checksums",
            POSTGRES_PASSWORD_FILE: secretPath("password", "value"),
            POSTGRES_USER: databaseName,
            // From 18 on the image would keep its data beside the volume: https://hub.docker.com/_/postgres
            ...(Number(args.version) >= 18 && { PGDATA: "/var/lib/postgresql/data" }),
          }),
          labels: labels("database"),
          // PostgreSQL shares memory between its processes; Docker's 64 MB end in "could not resize shared memory".
          shmSize: Math.max(64, Math.floor(args.memoryMb / 4)),
          networksAdvanced: [{ name: args.network.internal, aliases: [name] }],
          mounts: [
            { type: "volume", target: "/run/secrets/password", source: this.password.volume, readOnly: true },
            ...(archive === undefined ? [] : [{ type: "volume", target: spool.mount, source: archive.volume }]),
            { type: "volume", target: "/var/lib/postgresql/data", source: data.name },
          ],
          healthcheck: {
            tests: ["CMD-SHELL", healthTest(databaseName, databaseName)],
            interval: "5s",
            timeout: "5s",
            retries: 12,
          },
          waitTimeout: 120,
          // SIGINT is PostgreSQL's fast shutdown: transactions are rolled back and the files are left clean.
          stopSignal: "SIGINT",
          stopTimeout: 60,
          destroyGraceSeconds: 60,
        },
        { parent: this, deleteBeforeReplace: true },
        args.transform?.server,
      ),
    );
  }
}

function parameters(memoryMb: number): string[] {
  return [
    ...Object.entries(tuning(memoryMb)).map(([parameter, value]) => `${parameter}=${value}`),
    "password_encryption=scram-sha-256",
    "log_min_duration_statement=500",
  ];
}

/**
 * Finished segments go into a spool, from which the backup container takes them: the server needs neither pgBackRest nor
 * the keys of the backups, nor a way out. Only what is on the disk counts as archived.
 */
function archiving(recoveryPointSeconds: number): string[] {
  const { folder } = spool;
  return [
    "archive_mode=on",
    `archive_timeout=${recoveryPointSeconds}`,
    `archive_command=mkdir -p ${folder} && cp %p ${folder}/.%f && sync ${folder}/.%f && mv ${folder}/.%f ${folder}/%f && sync ${folder}`,
  ];
}
