import { z } from "zod";
import * as format from "../formats";
import { flag, half, oneOf, text, whole, servers } from "../formats";

/** Those that the stack runs itself. */
export const ownDatabases: readonly string[] = ["rds", "aurora-serverless-v2", "cloudnative-pg", "docker"];

/** Those of AWS. */
const onAws = ["rds", "aurora-serverless-v2"] as const;
export const isRds = (implementation: string): boolean => onAws.some((one) => one === implementation);

/** Vercel has no database of its own. */
const external = { vercel: "the operator of the external database decides that" };

const sizedByClass = "RDS is sized by slipway:database.instanceClass";
const secondServer = {
  docker: "a second server on the same host is lost together with the first",
  ...external,
};
const ownVpc = { "aws-ecs": "RDS lives in the VPC that the stack makes" };

export const database = z
  .strictObject({
    implementation: oneOf(["rds", "aurora-serverless-v2", "cloudnative-pg", "docker", "external", "none"], {
      description: "Who runs PostgreSQL. `external`: a server that exists, at `url`.",
    }),
    version: oneOf(["15", "16", "17", "18"], {
      on: servers,
      why: external,
      with: ownDatabases,
      description: "Major version of PostgreSQL. In quotes.",
      example: "17",
    }),
    instanceClass: text(
      { on: ["aws-ecs", "kubernetes"], with: ["rds"], description: "Instance class of RDS.", example: "db.t4g.medium" },
      format.matches(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "expected an RDS class such as db.t4g.medium"),
    ),
    cpuMillis: whole(100, 64000, {
      on: ["kubernetes", "docker"],
      why: { "aws-ecs": sizedByClass },
      with: ["cloudnative-pg", "docker"],
      description: "CPU of each server.",
      unit: "thousandths of a CPU",
    }),
    memoryMb: whole(256, 524288, {
      on: ["kubernetes", "docker"],
      why: { "aws-ecs": sizedByClass },
      with: ["cloudnative-pg", "docker"],
      description: "Memory of each server.",
      unit: "MiB",
    }),
    storageGb: whole(1, 65536, {
      on: ["aws-ecs", "kubernetes"],
      why: { docker: "a volume takes what its host's disk has", ...external },
      with: ["rds", "cloudnative-pg"],
      description: "Storage at the start. RDS grows it by itself, to 4 times this; Aurora needs no size.",
      unit: "GiB",
    }),
    standby: flag({
      on: ["aws-ecs", "kubernetes"],
      why: secondServer,
      with: [...onAws, "cloudnative-pg"],
      description: "A second server in another zone that takes over when the first is lost.",
    }),
    readReplicas: whole(0, 5, {
      on: ["aws-ecs", "kubernetes"],
      why: secondServer,
      with: [...onAws, "cloudnative-pg"],
      description: "Servers that answer reads only.",
    }),
    poolSize: whole(1, 200, {
      with: [...ownDatabases, "external"],
      description: "Connections that each replica of the application opens at most.",
    }),
    backupRetentionDays: whole(1, 35, {
      on: servers,
      why: external,
      with: ownDatabases,
      description: "Days that can be restored. RDS keeps 35 at most.",
      unit: "days",
    }),
    backupCron: text(
      {
        on: servers,
        why: external,
        with: ownDatabases,
        description: "When the backup starts, in UTC. On RDS and Docker: once a day.",
        example: "15 3 * * *",
      },
      format.cron,
    ),
    maxStorageGb: whole(20, 65536, {
      on: ["aws-ecs", "kubernetes"],
      why: { docker: "a volume takes what its host's disk has", ...external },
      with: ["rds"],
      description: "Storage up to which RDS grows by itself; it never shrinks. Default: 4 times `storageGb`.",
      unit: "GiB",
    }).optional(),
    minAcu: half(0, 256, {
      on: ["aws-ecs"],
      with: ["aurora-serverless-v2"],
      description:
        "Capacity that each server of Aurora Serverless v2 has at least. `0` pauses it while nothing is connected, which nothing is only while no replica runs: not with preset production. Default: 0.5.",
      unit: "ACUs of 2 GiB",
    }).optional(),
    maxAcu: half(1, 256, {
      on: ["aws-ecs"],
      with: ["aurora-serverless-v2"],
      description: "Capacity to which each server of Aurora Serverless v2 grows. Default: 8.",
      unit: "ACUs of 2 GiB",
    }).optional(),
    autoPauseSeconds: whole(300, 86400, {
      on: ["aws-ecs"],
      with: ["aurora-serverless-v2"],
      description: "Time without a connection after which Aurora pauses, with `minAcu: 0`. Default: 300.",
      unit: "seconds",
    }).optional(),
    storageKeyArn: text(
      {
        on: ["aws-ecs", "kubernetes"],
        with: [...onAws],
        description:
          "KMS key of the data, decided when the database is made. Default: `aws/rds`, which nobody can delete and other accounts cannot use.",
        example: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789",
      },
      format.kmsKeyArn,
    ).optional(),
    proxy: flag({
      on: ["aws-ecs", "kubernetes"],
      with: [...onAws],
      description:
        "RDS Proxy in front: one pool for all replicas, and failover in seconds. Worth it where replicas times `poolSize` come near the server's limit. Default: `false`.",
    }).optional(),
    finalSnapshot: flag({
      on: ["aws-ecs", "kubernetes"],
      with: [...onAws],
      description:
        "Take a snapshot when the database is deleted, and keep automated backups until they expire. Default: `true`; `false` for a stack of preset development that protects nothing.",
    }).optional(),
    allowMajorVersionUpgrade: flag({
      on: ["aws-ecs", "kubernetes"],
      with: [...onAws],
      description: "Let a new `version` upgrade the database in place: docs/aws.md#major-upgrades. Default: `false`.",
    }).optional(),
    separateRoles: flag({
      on: servers,
      why: external,
      with: ownDatabases,
      description:
        "The application connects as a role of its own that reads and writes rows and changes no table; migrations run as the owner: docs/secrets.md#the-databases-roles. Default: `false`, the application is the owner.",
    }).optional(),
    protect: flag({
      on: servers,
      why: { vercel: "a project on Vercel keeps no data" },
      description: "Refuse to delete the data, and keep it when the stack is destroyed.",
    }),
    identifier: text(
      {
        on: ["aws-ecs"],
        with: [...onAws],
        description:
          "An RDS instance, or an Aurora cluster, that exists, in place of one of the stack's own: docs/aws.md#what-exists-already. Its size, backups and protection are then its own.",
        example: "shop-production",
      },
      format.matches(
        /^[A-Za-z](?:-?[A-Za-z0-9]){0,62}$/,
        "expected the identifier of an RDS instance or an Aurora cluster",
      ),
    ).optional(),
    databaseName: text(
      { on: ["aws-ecs"], with: [...onAws], description: "Database on `identifier`. Default: `app`.", example: "shop" },
      format.matches(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, "expected the name of a database"),
    ).optional(),
    passwordSecretArn: text(
      {
        on: ["aws-ecs"],
        with: [...onAws],
        description:
          "Secret with user and password of `identifier`, as RDS keeps one. Default: the one that RDS keeps for its master user.",
        example: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf",
      },
      format.matches(
        /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
        "expected the ARN of a secret in Secrets Manager",
      ),
    ).optional(),
    securityGroupId: text(
      {
        on: ["aws-ecs"],
        with: [...onAws, "external"],
        description:
          "Security group of a database that exists, which gets a rule that lets the application in. Default: its owner lets it in.",
        example: "sg-0a1b2c3d",
      },
      format.securityGroupId,
    ).optional(),
    url: text(
      { with: ["external"], description: "Address of the server.", example: "postgres://app@db.example.com:5432/app" },
      format.serverUrl("postgres", "postgresql"),
    ).optional(),
    vpcId: text(
      {
        on: ["kubernetes"],
        why: ownVpc,
        with: ["rds"],
        description: "The cluster's VPC, for RDS beside Kubernetes.",
        example: "vpc-0a1b2c3d4e5f67890",
      },
      format.matches(/^vpc-[0-9a-f]{8,17}$/, "expected a VPC id such as vpc-0a1b2c3d4e5f67890"),
    ).optional(),
    subnetIds: z
      .array(
        text(
          { description: "" },
          format.matches(/^subnet-[0-9a-f]{8,17}$/, "expected a subnet id such as subnet-0a1b2c3d"),
        ),
      )
      .min(2, "expected subnets in at least 2 zones")
      .meta({
        on: ["kubernetes"],
        why: ownVpc,
        with: ["rds"],
        description: "Private subnets of RDS beside Kubernetes, in at least two zones.",
      })
      .optional(),
    clientSecurityGroupIds: z
      .array(
        text(
          { description: "" },
          format.matches(/^sg-[0-9a-f]{8,17}$/, "expected a security group id such as sg-0a1b2c3d"),
        ),
      )
      .min(1, "expected the security group of the cluster's nodes")
      .meta({
        on: ["kubernetes"],
        why: ownVpc,
        with: ["rds"],
        description: "Security groups of the nodes that connect to RDS beside Kubernetes.",
      })
      .optional(),
  })
  .meta({ description: "PostgreSQL: who runs it, size, backups." });
