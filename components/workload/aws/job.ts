import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keepEvents } from "../../monitoring/aws/kept-events";
import type { SignalSource } from "../../monitoring/contract";
import { policyDocument, trustOf } from "../../shared/aws-policy-document";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { resolveCommand } from "../contract";
import { runOnce } from "../job-runner";
import { awsCron, scheduleOf } from "../schedule";
import { type AwsTaskArgs, type AwsTaskTransform, checkTask, createTask } from "./task";

export interface AwsJobArgs extends AwsTaskArgs {
  /**
   * When it runs: five cron fields in UTC; a day of the month and a weekday not at once.
   * @default only when it is started by hand
   * @example "15 3 * * *"
   */
  readonly cron?: string;
  /** Minutes after which a run is stopped. @default 60 @example 15 */
  readonly timeoutMinutes?: number;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms &
    AwsTaskTransform & { readonly schedule?: Transform<aws.scheduler.ScheduleArgs> };
}

/**
 * A process that ends, on ECS Fargate: a task that EventBridge Scheduler starts, or a person. EventBridge starts it at
 * least once: a run that takes longer than the time between two is beside the next. A run that fails is not repeated; its
 * event is counted, for an alarm.
 *
 * A daily run of five minutes with 0.5 vCPU and 1 GiB is about $0.06 a month (https://aws.amazon.com/fargate/pricing/);
 * the scheduler is free up to 14 million runs (https://aws.amazon.com/eventbridge/pricing/).
 *
 * @example
 * new AwsJob("cleanup", { cluster, process: { image, command: ["node", "cleanup.js"] }, cron: "15 3 * * *" });
 */
export class AwsJob extends pulumi.ComponentResource {
  /** Command that starts a run now. */
  readonly start: pulumi.Output<string>;
  /** Command that follows the logs. */
  readonly logs: pulumi.Output<string>;
  readonly signals: readonly SignalSource[];
  readonly nodes: {
    readonly taskDefinition: aws.ecs.TaskDefinition;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly schedule: aws.scheduler.Schedule | undefined;
    readonly failures: aws.cloudwatch.EventRule;
  };

  constructor(name: string, args: AwsJobArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsJob", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { cluster, timeoutMinutes = 60, transform } = args;
    const { region } = cluster;
    const process = resolveCommand(name, args.process);
    checkTask(name, process);
    const expression = args.cron === undefined ? undefined : awsCron(scheduleOf(name, args.cron));

    const { family, nodes, roles } = createTask(
      name,
      {
        ...args,
        container: "job",
        process: {
          ...args.process,
          // ECS stops no task by the clock.
          command: ["node", "-e", runOnce, "--", ...process.command],
          environment: { JOB_TIMEOUT_SECONDS: String(timeoutMinutes * 60), ...process.environment },
        },
      },
      child,
    );
    const schedule = expression === undefined ? undefined : createSchedule(expression);
    const failures = countFailures();
    keepEvents(name, failures, child);

    this.start = pulumi.interpolate`aws ecs run-task --region ${region} --cluster ${cluster.name} --launch-type FARGATE --task-definition ${family} --network-configuration 'awsvpcConfiguration={subnets=[${pulumi.output([...cluster.network.privateSubnetIds]).apply((ids) => ids.join(","))}],securityGroups=[${cluster.network.applicationSecurityGroupId}]}'`;
    this.logs = pulumi.interpolate`aws logs tail ${nodes.logGroup.name} --follow --region ${region}`;
    this.signals = [{ kind: "job", name, identifiers: { RuleName: failures.name } }];
    this.nodes = { ...nodes, schedule, failures };
    this.registerOutputs({ start: this.start, logs: this.logs });

    function createSchedule(scheduleExpression: string): aws.scheduler.Schedule {
      return new aws.scheduler.Schedule(
        ...childOf<aws.scheduler.ScheduleArgs>(
          name,
          {
            scheduleExpression,
            scheduleExpressionTimezone: "UTC",
            flexibleTimeWindow: { mode: "OFF" },
            target: {
              arn: cluster.arn,
              roleArn: createStarter().arn,
              ecsParameters: {
                taskDefinitionArn: nodes.taskDefinition.arn,
                launchType: "FARGATE",
                enableEcsManagedTags: true,
                propagateTags: "TASK_DEFINITION",
                networkConfiguration: {
                  subnets: [...cluster.network.privateSubnetIds],
                  securityGroups: [cluster.network.applicationSecurityGroupId],
                  assignPublicIp: false,
                },
              },
              // A start that fails is tried again until the next run may be due.
              retryPolicy: { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 5 },
            },
          },
          child,
          transform?.schedule,
        ),
      );
    }

    /** May start this task in this cluster, with the task's own roles, and nothing else. */
    function createStarter(): aws.iam.Role {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      const role = new aws.iam.Role(
        `${name}-schedule`,
        { assumeRolePolicy: trustOf("scheduler.amazonaws.com", accountId) },
        child,
      );
      new aws.iam.RolePolicy(
        `${name}-schedule`,
        {
          role: role.id,
          policy: policyDocument([
            {
              Effect: "Allow",
              Action: "ecs:RunTask",
              Resource: nodes.taskDefinition.arn,
              Condition: { ArnEquals: { "ecs:cluster": cluster.arn } },
            },
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: [roles.executionRoleArn, roles.taskRoleArn],
              Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
          ]),
        },
        child,
      );
      return role;
    }

    /** Tasks of the job that ended with anything but 0, or never started: AWS counts the events that match. */
    function countFailures(): aws.cloudwatch.EventRule {
      return new aws.cloudwatch.EventRule(
        name,
        {
          description: `Failed runs of ${name}, counted by an alarm`,
          // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
          eventPattern: pulumi.jsonStringify({
            source: ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            detail: {
              clusterArn: [cluster.arn],
              group: [`family:${family}`],
              lastStatus: ["STOPPED"],
              $or: [{ containers: { exitCode: [{ "anything-but": 0 }] } }, { stopCode: ["TaskFailedToStart"] }],
            },
          }),
        },
        child,
      );
    }
  }
}
