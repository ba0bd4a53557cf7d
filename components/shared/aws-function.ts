import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./aws-policy-document";

export interface AwsFunctionArgs {
  readonly description: string;
  /** CommonJS that exports `handler`, for the SDK that Lambda brings. */
  readonly code: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it may do beside writing its log. */
  readonly statements: readonly Statement[];
  readonly keyArn?: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

export interface AwsFunction {
  readonly function: aws.lambda.Function;
  /** What it may do is in force once this is there. */
  readonly allowed: aws.iam.RolePolicy;
}

/** A small function of the stack's own, outside of the VPC, with a role and a log of its own. Cents a month. */
export function createFunction(
  name: string,
  args: AwsFunctionArgs,
  options: pulumi.CustomResourceOptions,
): AwsFunction {
  const log = new aws.cloudwatch.LogGroup(
    name,
    { retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
    options,
  );
  const role = new aws.iam.Role(
    name,
    {
      // As AWS documents it for an execution role: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
      assumeRolePolicy: policyDocument([
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
    },
    options,
  );
  const allowed = new aws.iam.RolePolicy(
    name,
    {
      role: role.id,
      policy: policyDocument([
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${log.arn}:*`,
        },
        ...args.statements,
      ]),
    },
    options,
  );
  const made = new aws.lambda.Function(
    name,
    {
      description: args.description,
      runtime: "nodejs22.x",
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(args.code) }),
      role: role.arn,
      timeout: args.timeoutSeconds,
      memorySize: 256,
      environment: { variables: { ...args.environment } },
      loggingConfig: { logFormat: "Text", logGroup: log.name },
    },
    pulumi.mergeOptions(options, { dependsOn: allowed }),
  );
  return { function: made, allowed };
}
