import { z } from "zod";
import * as format from "../formats";
import { flag, type SettingMeta, text, whole } from "../formats";

/** `<name>-monitoring-alertmanager` is a host name, whose parts have 63 characters at most. */
const nameLength = 63 - "-monitoring-alertmanager".length;

export const docker = z
  .strictObject({
    name: text(
      {
        description:
          "What containers, networks and volumes are called by. Default: slipway-<stack>. Set it to that before `pulumi stack rename`, or a rename replaces everything, volumes with data too; and set another where two projects on one host have stacks of one name.",
        example: "shop-local",
      },
      // Also the tag of an image that is built here: https://github.com/distribution/reference
      (value) =>
        value.length > nameLength
          ? `expected ${nameLength} characters at most`
          : format.matches(
              /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
              "expected lower-case letters and digits, with single hyphens, periods or underscores between them",
            )(value),
    ).optional(),
    migratedImage: text(
      {
        description:
          "The image whose migration has run: `slipway release` writes it, so that `pulumi up` does not run it a second time. Any other value of slipway:image is migrated by `pulumi up`.",
        example: "ghcr.io/acme/shop:1.4.3",
      },
      format.imageReference,
    ).optional(),
    errorPage: text(
      {
        description:
          "HTML file beside Pulumi.yaml for what the ingress answers itself: no replica, maintenance. One file, without others, of 48 KiB at most. Default: a plain page.",
        example: "error.html",
      },
      format.matches(
        /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*\.html$/,
        "expected the path of a file that ends in .html, below the folder with Pulumi.yaml",
      ),
    ).optional(),
    basicAuthUser: text(
      {
        description:
          "Name that everybody has to give, with a generated password, such as for staging: `pulumi stack output basicAuth --show-secrets`. Default: the site is open.",
        example: "staging",
      },
      format.matches(/^[A-Za-z0-9._-]{1,64}$/, "expected letters, digits, periods, hyphens and underscores"),
    ).optional(),
    exporters: flag({
      description:
        "Exporters for disk, memory and CPU of the host, for nginx, and for the site and its certificate, with their alarms: docs/docker.md#monitoring. 128 MiB of memory at most.",
    }),
    grafana: flag({
      description:
        "Grafana with a dashboard of the site, on 127.0.0.1:`grafanaPort`, with a generated password: `pulumi stack output grafana --show-secrets`. 256 MiB of memory at most.",
    }),
    grafanaPort: whole(1, 65535, { description: "Port on 127.0.0.1 for Grafana." }),
    pointInTimeRecovery: flag({
      description:
        "Archive the database's log, so that any second of `database.backupRetentionDays` can be restored: docs/backups.md. An image with pgBackRest is built on this host for it. Where `backupBucket` is set, always. Otherwise: a dump a day.",
    }),
    backupBucket: text(
      {
        description:
          "Bucket with an S3 API, on another machine, for the backups of the database, uploads and generated keys. Its keys: BACKUP_ACCESS_KEY_ID and BACKUP_SECRET_ACCESS_KEY under slipway:secrets. Without it they are lost with the host, and production asks for a decision.",
        example: "s3://acme-backups/shop",
      },
      format.matches(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^?#]*)?$/, "expected s3://bucket/path"),
    ).optional(),
    backupEndpoint: text(
      {
        description: "Address of the backups' S3 API. Default: that of AWS.",
        example: "https://minio.example.com:9000",
      },
      format.httpsUrl,
    ).optional(),
    backupRegion: text(
      { description: "Region of the backups' bucket. Default: us-east-1.", example: "eu-central-1" },
      format.matches(/^[a-z0-9-]+$/, "expected a region such as eu-central-1"),
    ).optional(),
    backupAuthority: text({
      description:
        "File on this machine with the authority (PEM) that signed the endpoint's certificate. Default: those of the image.",
      example: "/etc/ssl/certs/acme.pem",
    }).optional(),
    backupsOnThisHostOnly: flag({
      description: "Production without a bucket: what has happened since is lost with the host, and that is accepted.",
    }).optional(),
    recoveryPointSeconds: whole(5, 3600, {
      description:
        "Seconds of writes that the loss of the host costs at most, where there is a bucket. Default: 60. Each is a segment of the log in the backups, where something was written.",
      unit: "seconds",
    }).optional(),
  })
  .meta({ on: ["docker"], description: "The Docker host." } satisfies SettingMeta);
