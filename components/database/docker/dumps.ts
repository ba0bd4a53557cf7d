import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerNetwork } from "../../network/contract";
import type { DockerSecretRef } from "../../secrets/contract";
import { envs, hardened, labels } from "../../shared/docker-container";
import { DockerFiles } from "../../shared/docker-files";
import { child as childOf, type Transform } from "../../shared/transform";

export interface DumpArgs {
  readonly network: DockerNetwork;
  readonly image: pulumi.Input<string>;
  readonly cpuMillis: number;
  readonly host: string;
  readonly databaseName: string;
  readonly server: pulumi.Resource;
  /** Volume of the dumps. */
  readonly backups: pulumi.Input<string>;
  readonly password: DockerSecretRef;
  readonly backupAt: { readonly hour: number; readonly minute: number };
  readonly backupRetentionDays: number;
}

/** The one folder that the image gives to its own user: a new volume that is mounted there takes the owner over. */
export const dumpFolder = "/var/lib/postgresql/data";

/** A dump a day, by the server's own image: nothing is built. */
export function dumpContainer(
  name: string,
  args: DumpArgs,
  transform: Transform<docker.ContainerArgs> | undefined,
  parent: pulumi.Resource,
): docker.Container {
  const script = new DockerFiles(
    `${name}-files`,
    {
      kind: "configuration",
      image: args.image,
      volumes: { script: { "backup.sh": readFileSync(join(__dirname, "dump.sh"), "utf8") } },
    },
    { parent },
  ).volumes["script"]!;
  return new docker.Container(
    ...childOf<docker.ContainerArgs>(
      name,
      {
        ...hardened({ cpuMillis: args.cpuMillis, memoryMb: 256 }),
        name,
        image: args.image,
        user: "999:999",
        entrypoints: ["bash", "/etc/slipway/backup.sh"],
        envs: envs({
          BACKUP_FOLDER: dumpFolder,
          BACKUP_AT: timeOfDay(args.backupAt),
          BACKUP_KEEP_DAYS: String(args.backupRetentionDays),
          PGDATABASE: args.databaseName,
          PGHOST: args.host,
          PGPASSFILE: "/tmp/pgpass",
          PGUSER: args.databaseName,
        }),
        labels: labels("backup", { "app.slipway.configuration": script.version }),
        networksAdvanced: [{ name: args.network.internal }],
        mounts: [
          { type: "volume", target: dumpFolder, source: args.backups },
          { type: "volume", target: "/etc/slipway", source: script.volume, readOnly: true },
          { type: "volume", target: "/run/secrets/password", source: args.password.volume, readOnly: true },
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
      { parent, dependsOn: [args.server], deleteBeforeReplace: true },
      transform,
    ),
  );
}

/** `HH:MM` */
export function timeOfDay({ hour, minute }: { readonly hour: number; readonly minute: number }): string {
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}
