import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";
import { type AwsTaskArgs, type AwsTaskTransform, createTask } from "./task";

export interface AwsConnectArgs extends AwsTaskArgs {
  /** Log group of the sessions, which the cluster writes to. @example cluster.sessions */
  readonly sessions: { readonly arn: pulumi.Input<string> };
  /** Minutes after which the task ends by itself, and with it what is open. Not a setting: an hour is enough. @default 60 @example 15 */
  readonly minutes?: number;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:cloudwatch/logGroup:LogGroup": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms & AwsTaskTransform;
}

/**
 * A task that a person starts to get in: a shell with the application's variables, or a tunnel to the database. Nothing of it runs
 * until then, and nothing of it for longer than an hour; the tasks that serve stay closed and read-only.
 *
 * Creates a task definition, its roles and a log group. A task of 0.25 vCPU is about $0.01 an hour.
 *
 * ECS and Systems Manager open the session, with the rights of the person: `ecs:RunTask`, `ecs:ExecuteCommand`, `ssm:StartSession`.
 * CloudTrail has who and when; what is typed in a shell and what it answers is in the log of the sessions. What passes a tunnel
 * is encrypted and in no log: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 *
 * @example
 * new AwsConnect("connect", { cluster, process: { image, environment }, sessions: cluster.sessions! });
 */
export class AwsConnect extends pulumi.ComponentResource {
  readonly family: string;
  /** Container to connect to. */
  readonly container = "connect";
  readonly nodes: { readonly taskDefinition: aws.ecs.TaskDefinition; readonly logGroup: aws.cloudwatch.LogGroup };

  constructor(name: string, args: AwsConnectArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsConnect", name, {}, transforming(options, args.transform));
    const seconds = (args.minutes ?? 60) * 60;
    const { family, nodes } = createTask(
      name,
      {
        ...args,
        container: this.container,
        process: {
          ...args.process,
          command: args.process.command ?? ["node", "-e", `setTimeout(() => process.exit(0), ${seconds * 1000})`],
          // Where the agent writes, with the rest read-only: https://github.com/aws/containers-roadmap/issues/1359
          writable: [...(args.process.writable ?? []), "/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm"],
        },
        permissions: [
          ...(args.permissions ?? []),
          // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
          {
            Effect: "Allow",
            Action: [
              "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel",
              "ssmmessages:OpenControlChannel",
              "ssmmessages:OpenDataChannel",
            ],
            Resource: "*",
          },
          { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: pulumi.interpolate`${args.sessions.arn}:*`,
          },
          ...(args.cluster.keyArn === undefined
            ? []
            : [{ Effect: "Allow" as const, Action: "kms:Decrypt", Resource: args.cluster.keyArn }]),
        ],
      },
      { parent: this },
    );
    this.family = family;
    this.nodes = nodes;
    this.registerOutputs({ family });
  }
}

/** Where a cluster writes what is typed in its sessions. */
export function createSessionLog(
  name: string,
  args: {
    readonly keyArn?: pulumi.Input<string>;
    readonly logRetentionDays?: number;
    readonly transform?: Transform<aws.cloudwatch.LogGroupArgs>;
  },
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    ...childOf<aws.cloudwatch.LogGroupArgs>(
      `${name}-sessions`,
      { retentionInDays: args.logRetentionDays ?? 30, kmsKeyId: args.keyArn },
      options,
      args.transform,
    ),
  );
}

/** Every session of the cluster is encrypted and logged; one that could not be is not opened. */
export function sessionConfiguration(
  log: aws.cloudwatch.LogGroup,
  keyArn: pulumi.Input<string> | undefined,
): aws.types.input.ecs.ClusterConfiguration {
  return {
    executeCommandConfiguration: {
      logging: "OVERRIDE",
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      logConfiguration: { cloudWatchLogGroupName: log.name, cloudWatchEncryptionEnabled: keyArn !== undefined },
    },
  };
}
