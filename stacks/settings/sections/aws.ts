import { z } from "zod";
import * as format from "../formats";
import { flag, text, type SettingMeta } from "../formats";
import { backupPlan } from "./backup-plan";

const environment = format.matches(/^[\w-]+$/, "expected an environment of the repository: letters, digits, - and _");

export const aws = z
  .strictObject({
    imagePullSecret: text(
      {
        description:
          "Secret in Secrets Manager, JSON with `username` and `password`, that opens the private registry of `image`. Not for ECR, which the task's role opens.",
        example: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ghcr-AbCdEf",
      },
      format.matches(
        /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
        "expected the ARN of a secret in Secrets Manager",
      ),
    ).optional(),
    connect: flag({
      description:
        "`slipway connect`: a shell with the application's variables, or a tunnel to the database, in a task of its own that a person starts: docs/aws.md#getting-in. Default: `false`.",
    }).optional(),
    backupPlan: backupPlan.optional(),
    permissionsBoundary: text(
      {
        description:
          "Managed policy that limits every role of the stack: in some organizations no role may be made without. A deployment by `aws.github` then makes none without it.",
        example: "arn:aws:iam::123456789012:policy/boundary",
      },
      format.matches(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/, "expected the ARN of a managed policy"),
    ).optional(),
    github: z
      .strictObject({
        repository: text(
          { description: "", example: "acme/shop" },
          format.matches(
            /^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/,
            "expected owner/name, with the ids that GitHub's subject claim has where it has any",
          ),
        ),
        branch: text(
          { description: "" },
          format.matches(/^[\w./-]+$/, "expected the name of a branch, such as main"),
        ).optional(),
        environments: z
          .strictObject({
            preview: text({ description: "" }, environment).optional(),
            drift: text({ description: "" }, environment).optional(),
            deploy: text({ description: "" }, environment).optional(),
            drill: text({ description: "" }, environment).optional(),
          })
          .optional(),
        providerArn: text(
          { description: "" },
          format.matches(
            /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
            "expected the ARN of GitHub's identity provider",
          ),
        ).optional(),
        stateBucket: text(
          { description: "" },
          format.matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of a bucket"),
        ).optional(),
        stateKeyArn: text({ description: "" }, format.kmsKeyArn).optional(),
      })
      .meta({
        description:
          "GitHub's identity provider and the roles of its workflows, instead of keys kept there: docs/pull-requests.md#roles. `environments` default to those of the workflows, `branch`, from which alone drift is compared, backups are drilled and deployments are made, to main; `providerArn` where the account has the provider; `stateBucket` and `stateKeyArn` where Pulumi's state is in S3.",
        example: { repository: "acme/shop", stateBucket: "acme-pulumi-state" },
      })
      .optional(),
    secretRecoveryDays: z
      .literal(
        [...Array.from({ length: 24 }, (_, day) => day + 7), 0],
        "expected 0, to delete at once, or 7 to 30 days",
      )
      .meta({
        description:
          "Days for which a deleted secret of the application can be recovered: 0, or 7 to 30. Default: 30; 0 for a stack of preset development that protects nothing.",
        unit: "days",
      })
      .optional(),
  })
  .meta({ on: ["aws-ecs"], description: "What only Amazon ECS has." } satisfies SettingMeta);
