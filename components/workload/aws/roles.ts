import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsSecretRef } from "../../secrets/contract";
import { awsSecretArns } from "../../secrets/aws-secret-reference";
import { awsDnsSuffix } from "../../shared/aws-partition";
import { policyDocument, type Statement, trustOf } from "../../shared/aws-policy-document";
import { fetchedSecrets, injectedSecrets } from "./containers";
import type { Environment } from "../../shared/environment";
import { groupBy } from "../../shared/group";

export interface AwsRolesArgs {
  readonly environment: Environment;
  readonly logGroupArn: pulumi.Input<string>;
  /** ECR repository of the image; absent when it comes from elsewhere. */
  readonly repositoryArn?: pulumi.Input<string>;
  /** Secret that opens the image's registry. */
  readonly pullCredentialsArn?: pulumi.Input<string>;
  /** KMS key of the secrets. */
  readonly keyArn?: pulumi.Input<string>;
  /** What else the application may do. */
  readonly permissions: readonly Statement[];
}

/** What ECS may do to start a task, and what the application may do then. Neither can do the other's. */
export class AwsRoles extends pulumi.ComponentResource {
  readonly executionRoleArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;

  constructor(name: string, args: AwsRolesArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsRoles", name, {}, options);
    const child = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, child);

    const execution = createRole("execution", [...mayPull(), ...mayLog(), ...mayInject()]);
    const task = createRole("task", [...mayFetch(), ...args.permissions]);

    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.registerOutputs({ executionRoleArn: this.executionRoleArn, taskRoleArn: this.taskRoleArn });

    function createRole(suffix: string, statements: readonly Statement[]): aws.iam.Role {
      const role = new aws.iam.Role(
        `${name}-${suffix}`,
        { assumeRolePolicy: trustOf("ecs-tasks.amazonaws.com", accountId) },
        child,
      );
      if (statements.length > 0) {
        new aws.iam.RolePolicy(`${name}-${suffix}`, { role: role.id, policy: policyDocument(statements) }, child);
      }
      return role;
    }

    function mayPull(): Statement[] {
      if (args.repositoryArn === undefined) return [];
      return [
        // A token is for the whole registry; what it opens is decided below.
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        {
          Effect: "Allow",
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Resource: args.repositoryArn,
        },
      ];
    }

    function mayLog(): Statement[] {
      return [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${args.logGroupArn}:*`,
        },
      ];
    }

    function mayInject(): Statement[] {
      const injected = injectedSecrets(args.environment);
      const pull = args.pullCredentialsArn;
      return mayRead(pull === undefined ? injected : [...injected, { store: "aws-secrets-manager", arn: pull }]);
    }

    function mayFetch(): Statement[] {
      return mayRead(fetchedSecrets(args.environment));
    }

    function mayRead(secrets: readonly AwsSecretRef[]): Statement[] {
      if (secrets.length === 0) return [];
      // Several variables can come from one secret, each of a key of its own.
      const given = [
        ...new Set(secrets.flatMap(({ foreign }) => (foreign === undefined ? [] : awsSecretArns(foreign)))),
      ];
      const own = secrets.flatMap(({ arn, foreign }) => (foreign === undefined ? [arn] : []));
      const Resource: readonly pulumi.Input<string>[] = [...own, ...given];
      return [
        { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource },
        ...(args.keyArn === undefined || !secrets.some(ours)
          ? []
          : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: args.keyArn } as const]),
        ...mayDecrypt(secrets),
      ];
    }

    /**
     * Whichever key has encrypted the secrets that exist: only through Secrets Manager, and for these alone. One statement a
     * key, as a role takes 10,240 characters of policies: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
     */
    function mayDecrypt(secrets: readonly AwsSecretRef[]): Statement[] {
      const byKey = groupBy(
        secrets.filter(({ foreign }) => foreign !== undefined),
        ({ foreign, keyArn }) => {
          const [, partition, , region = "", account] = foreign!.split(":");
          return `${region} ${keyArn ?? `arn:${partition}:kms:${region}:${account}:key/*`}`;
        },
      );
      return [...byKey].map(([key, those]) => {
        const [region = "", Resource = ""] = key.split(" ");
        const arns = those.flatMap(({ foreign }) => awsSecretArns(foreign!));
        return {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource,
          Condition: {
            StringEquals: { "kms:ViaService": `secretsmanager.${region}.${awsDnsSuffix(region)}` },
            StringLike: { "kms:EncryptionContext:SecretARN": [...new Set(arns)] },
          },
        };
      });
    }
  }
}

/** Encrypted with the stack's own key. */
function ours({ foreign, keyOfAws }: AwsSecretRef): boolean {
  return foreign === undefined && keyOfAws !== true;
}
