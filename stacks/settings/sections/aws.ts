import { z } from "zod";
import * as format from "../formats";
import { text, type SettingMeta } from "../formats";

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
