import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../shared/environment";
import { envs, hardened, labels, secretPath } from "../shared/docker-container";
import { DockerFiles } from "../shared/docker-files";
import type { SignalSource } from "../monitoring/contract";
import type { DockerNetwork } from "../network/contract";
import type { DockerSecretRef } from "../secrets/contract";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { type Transform, transformed } from "../shared/transform";
import type { Database, DatabaseArgs } from "./contract";

export interface DockerPostgresArgs extends DatabaseArgs {
  readonly network: DockerNetwork;
  /** An image that keeps the environment contract of the public `postgres` image, of the same major version. */
  readonly image: pulumi.Input<string>;
  readonly cpuMillis: number;
  readonly memoryMb: number;
  /** Hour and minute of the daily dump, in UTC. */
  readonly backupAt: { readonly hour: number; readonly minute: number };
  readonly transform?: {
    readonly server?: Transform<docker.ContainerArgs>;
    readonly backup?: Transform<docker.ContainerArgs>;
  };
}

/**
 * PostgreSQL in a container, on the internal network alone, with its data in a volume and a dump of it every day in
 * another. One server: while it restarts, the site serves what it has cached. Free.
 *
 * The volumes are kept when the stack is destroyed, if `protect` is set: the data outlives the program.
 */
export class DockerPostgres extends pulumi.ComponentResource implements Database {
  readonly url: pulumi.Output<string>;
  readonly password: DockerSecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[];
  readonly restore: pulumi.Output<string>;

  constructor(name: string, args: DockerPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:database:DockerPostgres", name, {}, opts);
    const databaseName = args.databaseName ?? "app";
    const parent = { parent: this };
    const kept = { ...parent, protect: args.protect, retainOnDelete: args.protect };

    const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, parent).result;
    const secrets = dockerSecretFiles(`${name}-secrets`, { image: args.image, files: { password } }, parent);
    this.password = secrets["password"]!;

    const data = new docker.Volume(`${name}-data`, { name: `${name}-data` }, kept);
    const backups = new docker.Volume(`${name}-backups`, { name: `${name}-backups` }, kept);
    const server = this.server(name, args, databaseName, data);
    const backup = this.backup(name, args, databaseName, backups, server);

    const host = `${name}:5432/${databaseName}`;
    this.url = pulumi.interpolate`postgres://${databaseName}@${host}`;
    this.environment = {
      DATABASE_URL: this.url,
      DATABASE_PASSWORD: this.password,
      // The internal network has two ends on one host and no other member that could listen.
      DATABASE_TLS: "disable",
    };
    this.signals = [{ kind: "database", name, identifiers: { exporter: "application" } }];
    this.restore = pulumi.interpolate`docker exec ${backup.name} ls ${backupFolder}, then docker exec ${backup.name} pg_restore --clean --if-exists -h ${name} -U ${databaseName} -d ${databaseName} ${backupFolder}/FILE`;
    this.registerOutputs({ url: this.url, restore: this.restore });
  }

  private server(name: string, args: DockerPostgresArgs, databaseName: string, data: docker.Volume): docker.Container {
    return new docker.Container(
      `${name}-server`,
      transformed<docker.ContainerArgs>(
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
          command: ["postgres", ...parameters(args.memoryMb).flatMap((parameter) => ["-c", parameter])],
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
            { type: "volume", target: "/var/lib/postgresql/data", source: data.name },
          ],
          healthcheck: {
            // Over TCP: the server that runs during initialisation listens on the socket alone.
            tests: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", databaseName, "-d", databaseName],
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
        args.transform?.server,
      ),
      // Two servers on one data folder would destroy it.
      { parent: this, deleteBeforeReplace: true },
    );
  }

  private backup(
    name: string,
    args: DockerPostgresArgs,
    databaseName: string,
    backups: docker.Volume,
    server: docker.Container,
  ): docker.Container {
    const script = new DockerFiles(
      `${name}-backup-files`,
      {
        kind: "configuration",
        image: args.image,
        volumes: { script: { "backup.sh": readFileSync(join(__dirname, "docker-backup.sh"), "utf8") } },
      },
      { parent: this },
    ).volumes["script"]!;
    return new docker.Container(
      `${name}-backup`,
      transformed<docker.ContainerArgs>(
        {
          ...hardened({ cpuMillis: args.cpuMillis, memoryMb: 256 }),
          name: `${name}-backup`,
          image: args.image,
          user: "999:999",
          entrypoints: ["bash", "/etc/slipway/backup.sh"],
          envs: envs({
            BACKUP_FOLDER: backupFolder,
            BACKUP_AT: `${twoDigits(args.backupAt.hour)}:${twoDigits(args.backupAt.minute)}`,
            BACKUP_KEEP_DAYS: String(args.backupRetentionDays),
            PGDATABASE: databaseName,
            PGHOST: name,
            PGPASSFILE: "/tmp/pgpass",
            PGUSER: databaseName,
          }),
          labels: labels("backup", { "app.slipway.configuration": script.version }),
          networksAdvanced: [{ name: args.network.internal }],
          mounts: [
            { type: "volume", target: backupFolder, source: backups.name },
            { type: "volume", target: "/etc/slipway", source: script.volume, readOnly: true },
            { type: "volume", target: "/run/secrets/password", source: this.password.volume, readOnly: true },
          ],
          healthcheck: {
            tests: ["CMD", "bash", "/etc/slipway/backup.sh", "healthy"],
            interval: "1m0s",
            timeout: "10s",
            retries: 3,
            startPeriod: "1m0s",
          },
          wait: false,
          stopTimeout: 10,
        },
        args.transform?.backup,
      ),
      { parent: this, dependsOn: [server], deleteBeforeReplace: true },
    );
  }
}

/**
 * Within the container's memory, by the rules of PGTune for a web application: https://github.com/le0pard/pgtune. Without
 * them the planner believes in 4 GB of cache, whatever the container may use. Connections: 100, PostgreSQL's default.
 */
function parameters(memoryMb: number): string[] {
  const sharedMb = Math.floor(memoryMb / 4);
  return [
    `shared_buffers=${sharedMb}MB`,
    `effective_cache_size=${Math.floor((memoryMb * 3) / 4)}MB`,
    `maintenance_work_mem=${Math.max(16, Math.floor(memoryMb / 16))}MB`,
    // Each connection may use it several times at once.
    `work_mem=${Math.max(1024, Math.floor(((memoryMb - sharedMb) * 1024) / (100 * 3)))}kB`,
    // The value for SSDs.
    "random_page_cost=1.1",
    "password_encryption=scram-sha-256",
    "log_min_duration_statement=500",
  ];
}

/** The one folder that the image gives to its own user: a new volume that is mounted there takes the owner over. */
const backupFolder = "/var/lib/postgresql/data";

const twoDigits = (value: number) => String(value).padStart(2, "0");
