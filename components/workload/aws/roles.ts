import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement, trustOf } from "../../shared/aws-policy-document";
import { fetchedSecrets, injectedSecrets } from "./containers";
import type { Environment } from "../../shared/environment";

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
      const injected = injectedSecrets(args.environment).map(({ arn }) => arn);
      return mayRead(args.pullCredentialsArn === undefined ? injected : [...injected, args.pullCredentialsArn]);
    }

    function mayFetch(): Statement[] {
      return mayRead(fetchedSecrets(args.environment).map(({ arn }) => arn));
    }

    function mayRead(arns: readonly pulumi.Input<string>[]): Statement[] {
      if (arns.length === 0) return [];
      const read: Statement = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: arns };
      return args.keyArn === undefined
        ? [read]
        : [read, { Effect: "Allow", Action: "kms:Decrypt", Resource: args.keyArn }];
    }
  }
}
