import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerNetwork } from "../../network/contract";
import type { DockerSecretRef } from "../../secrets/contract";
import { envs, hardened, labels } from "../../shared/docker-container";
import { DockerFiles } from "../../shared/docker-files";
import { child as childOf, type Transform } from "../../shared/transform";
import { timeOfDay } from "./dumps";

/** Storage with an S3 API, on another machine. */
export interface BackupBucket {
  /** `s3://bucket/path` @example "s3://acme-backups/shop" */
  readonly destination: string;
  /** Address of its S3 API, over HTTPS. @default that of AWS in `region` @example "https://minio.example.com:9000" */
  readonly endpoint?: string;
  /** @default "us-east-1" */
  readonly region?: string;
  /** PEM of the authority that signed the endpoint's certificate. @default the image's own authorities */
  readonly certificateAuthority?: string;
  readonly accessKeyId: DockerSecretRef;
  readonly secretAccessKey: DockerSecretRef;
}

export interface DockerBackupsArgs {
  readonly network: DockerNetwork;
  /** The server's image, with pgBackRest in it. */
  readonly image: pulumi.Input<string>;
  /** Name of the server on the network. */
  readonly host: string;
  readonly databaseName: string;
  readonly cpuMillis: number;
  readonly server: pulumi.Resource;
  readonly volumes: {
    readonly data: pulumi.Input<string>;
    readonly spool: pulumi.Input<string>;
    readonly backups: pulumi.Input<string>;
    readonly scratch: pulumi.Input<string>;
  };
  readonly password: DockerSecretRef;
  readonly key: DockerSecretRef;
  readonly bucket?: BackupBucket;
  /** Volume with uploads. */
  readonly uploads?: pulumi.Input<string>;
  /** Generated secrets of the application, by name. */
  readonly keys?: Readonly<Record<string, DockerSecretRef>>;
  readonly backupAt: { readonly hour: number; readonly minute: number };
  readonly retentionDays: number;
  readonly recoveryPointSeconds: number;
  readonly drillEveryDays: number;
  readonly transform?: Transform<docker.ContainerArgs>;
}

/** Where the server puts finished segments of its log. The path has pgBackRest's name, as pgBackRest asks of the command. */
export const spool = { mount: "/var/lib/postgresql", folder: "/var/lib/postgresql/pgbackrest-spool" };
export const metricsPort = 9187;
const folder = "/etc/slipway";
const dataFolder = "/var/lib/postgresql/data";

/**
 * The container that archives, backs up and restores: docs/backups.md. It has the keys and, where a bucket is named, a way
 * out; the server has neither. A scheduler of its own keeps it independent of the host's cron, which a stack cannot write.
 */
export function backupContainer(name: string, args: DockerBackupsArgs, parent: pulumi.Resource): docker.Container {
  const { volumes, bucket, keys = {} } = args;
  const scripts = join(__dirname, "scripts");
  const files = new DockerFiles(
    `${name}-files`,
    {
      kind: "configuration",
      image: args.image,
      volumes: {
        script: {
          ...Object.fromEntries(
            readdirSync(scripts).map((file) => [file, readFileSync(join(scripts, file), "utf8")] as const),
          ),
          ...(bucket?.certificateAuthority !== undefined && { "ca.pem": bucket.certificateAuthority }),
        },
      },
    },
    { parent },
  ).volumes["script"]!;
  const secrets: Readonly<Record<string, DockerSecretRef>> = {
    password: args.password,
    "backup-key": args.key,
    ...(bucket && {
      "backup-access-key-id": bucket.accessKeyId,
      "backup-secret-access-key": bucket.secretAccessKey,
    }),
  };
  const readOnly = (target: string, source: pulumi.Input<string>) => ({
    type: "volume",
    target,
    source,
    readOnly: true,
  });
  return new docker.Container(
    ...childOf<docker.ContainerArgs>(
      name,
      {
        ...hardened({ cpuMillis: args.cpuMillis, memoryMb: 384 }),
        name,
        image: args.image,
        user: "999:999",
        entrypoints: ["bash", `${folder}/backup.sh`],
        envs: envs(environment(args)),
        labels: labels("backup", { "app.slipway.configuration": files.version }),
        networksAdvanced: [
          { name: args.network.internal, aliases: [name] },
          ...(bucket === undefined ? [] : [{ name: args.network.edge }]),
        ],
        mounts: [
          { type: "volume", target: "/var/lib/slipway/backups", source: volumes.backups },
          { type: "volume", target: "/var/lib/slipway/scratch", source: volumes.scratch },
          { type: "volume", target: spool.mount, source: volumes.spool },
          readOnly(dataFolder, volumes.data),
          readOnly(folder, files.volume),
          ...Object.entries(secrets).map(([secret, { volume }]) => readOnly(`/run/secrets/${secret}`, volume)),
          ...(args.uploads === undefined ? [] : [readOnly("/files/uploads", args.uploads)]),
          ...Object.entries(keys).map(([key, { volume }]) =>
            readOnly(`/files/keys/${key.toLowerCase().replaceAll("_", "-")}`, volume),
          ),
        ],
        healthcheck: {
          tests: ["CMD", "bash", `${folder}/backup.sh`, "healthy"],
          interval: "1m0s",
          timeout: "30s",
          retries: 3,
          startPeriod: "5m0s",
        },
        wait: false,
        stopTimeout: 10,
      },
      { parent, dependsOn: [args.server], deleteBeforeReplace: true },
      args.transform,
    ),
  );
}

/** https://pgbackrest.org/configuration.html: each option is a variable. Those that are secret are read from files. */
function environment(args: DockerBackupsArgs): Record<string, string> {
  const { backupAt, retentionDays, databaseName, bucket } = args;
  const repository = (number: 1 | 2, more: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries({
        CIPHER_TYPE: "aes-256-cbc",
        // Days, counted from the end of a base backup: what is older goes once a newer one covers all of them.
        RETENTION_FULL: String(retentionDays),
        RETENTION_FULL_TYPE: "time",
        BUNDLE: "y",
        ...more,
      }).map(([option, value]) => [`PGBACKREST_REPO${number}_${option}`, value]),
    );
  return {
    BACKUP_AT: timeOfDay(backupAt),
    BACKUP_KEEP_DAYS: String(retentionDays),
    DRILL_EVERY_DAYS: String(args.drillEveryDays),
    RECOVERY_POINT_SECONDS: String(args.recoveryPointSeconds),
    PGDATABASE: databaseName,
    PGHOST: args.host,
    PGUSER: databaseName,
    PGBACKREST_COMPRESS_TYPE: "zst",
    PGBACKREST_LOCK_PATH: "/tmp/pgbackrest",
    PGBACKREST_LOG_LEVEL_CONSOLE: "warn",
    PGBACKREST_LOG_LEVEL_FILE: "off",
    PGBACKREST_PG1_DATABASE: databaseName,
    PGBACKREST_PG1_PATH: dataFolder,
    PGBACKREST_PG1_USER: databaseName,
    PGBACKREST_START_FAST: "y",
    ...repository(1, { PATH: "/var/lib/slipway/backups" }),
    ...(bucket && repository(2, bucketOptions(bucket))),
  };
}

function bucketOptions({ destination, endpoint, region = "us-east-1", certificateAuthority }: BackupBucket) {
  const { hostname, pathname } = new URL(destination);
  const address = endpoint === undefined ? undefined : new URL(endpoint);
  return {
    TYPE: "s3",
    PATH: pathname === "" || pathname === "/" ? "/slipway" : pathname.replace(/\/$/, ""),
    S3_BUCKET: hostname,
    S3_ENDPOINT: address?.hostname ?? `s3.${region}.amazonaws.com`,
    S3_REGION: region,
    // Buckets of other servers than AWS have no name of their own in DNS.
    ...(address && { S3_URI_STYLE: "path" }),
    ...(address && address.port !== "" && { STORAGE_PORT: address.port }),
    ...(certificateAuthority !== undefined && { STORAGE_CA_FILE: `${folder}/ca.pem` }),
  };
}
