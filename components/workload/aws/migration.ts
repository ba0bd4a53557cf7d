import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsFunction, createFunction } from "../../shared/aws-function";
import type { Statement } from "../../shared/aws-policy-document";
import { awsArn } from "../../shared/aws-region";
import type { EcsCluster } from "./cluster";
import { type AwsTaskArgs, createTask } from "./task";
import { type ChildTransforms, transforming } from "../../shared/transform";

export interface AwsMigrationArgs extends AwsTaskArgs {
  /** Command in the image that migrates. @example ["node", "migrate.js"] */
  readonly command: readonly string[];
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * A task that migrates the database, once a release and before any of its replicas start: `pulumi up` starts it, waits until it
 * has ended, and goes no further when it failed. Scaling, a replaced task and a rollback by ECS migrate nothing.
 *
 * A function starts the task and waits, for a quarter of an hour, which is as long as a function may run. The task is not
 * stopped then: the next `pulumi up` waits for the same one. Cents a release.
 */
export class AwsMigration extends pulumi.ComponentResource {
  readonly nodes: {
    readonly taskDefinition: aws.ecs.TaskDefinition;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly run: aws.lambda.Invocation;
  };

  constructor(name: string, args: AwsMigrationArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsMigration", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { cluster, command } = args;
    const { family, nodes, roles } = createTask(
      name,
      { ...args, permissions: [], container: "migrate", process: { ...args.process, command } },
      child,
    );
    const runner = createRunner();
    const taskDefinition = nodes.taskDefinition.arn;
    const run = new aws.lambda.Invocation(
      name,
      {
        functionName: runner.function.name,
        input: pulumi.jsonStringify({ taskDefinition }),
        // Another image, command or variable is another task definition, and runs it once.
        triggers: { taskDefinition },
      },
      pulumi.mergeOptions(child, { dependsOn: [roles, runner.allowed], customTimeouts: { create: "20m" } }),
    );
    this.nodes = { ...nodes, run };
    this.registerOutputs({});

    function createRunner(): AwsFunction {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      return createFunction(
        `${name}-run`,
        {
          description: `Migrates the database of ${pulumi.getProject()} ${pulumi.getStack()} before a release`,
          code: migrationCode,
          timeoutSeconds: 900,
          keyArn: args.keyArn ?? cluster.keyArn,
          logRetentionDays: args.logRetentionDays ?? cluster.logRetentionDays,
          environment: {
            CLUSTER: cluster.arn,
            LOG_GROUP: nodes.logGroup.name,
            SECURITY_GROUP: cluster.network.applicationSecurityGroupId,
            SUBNETS: pulumi.output([...cluster.network.privateSubnetIds]).apply((ids) => ids.join(",")),
          },
          statements: mayRun(cluster, accountId),
        },
        child,
      );
    }

    function mayRun({ arn, name: clusterName, region }: EcsCluster, accountId: pulumi.Output<string>): Statement[] {
      const here = { ArnEquals: { "ecs:cluster": arn } };
      return [
        // Of whichever revision: what a policy allows takes seconds to be known everywhere.
        {
          Effect: "Allow",
          Action: "ecs:RunTask",
          Resource: awsArn(pulumi.interpolate`ecs:${region}:${accountId}:task-definition/${family}:*`, region),
          Condition: here,
        },
        { Effect: "Allow", Action: "ecs:ListTasks", Resource: "*", Condition: here },
        {
          Effect: "Allow",
          Action: "ecs:DescribeTasks",
          Resource: awsArn(pulumi.interpolate`ecs:${region}:${accountId}:task/${clusterName}/*`, region),
          Condition: here,
        },
        {
          Effect: "Allow",
          Action: "iam:PassRole",
          Resource: [roles.executionRoleArn, roles.taskRoleArn],
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
      ];
    }
  }
}

/**
 * The function, in CommonJS for Lambda's Node.js, whose SDK it uses. A task of the same definition that runs already, or has
 * ended well within the hour in which ECS remembers it, is not started again.
 */
export const migrationCode = `
const { ECSClient, RunTaskCommand, ListTasksCommand, DescribeTasksCommand } = require("@aws-sdk/client-ecs");
const ecs = new ECSClient({});
const { CLUSTER: cluster, LOG_GROUP, SECURITY_GROUP, SUBNETS } = process.env;

exports.handler = async ({ taskDefinition }, context) => {
  let task = (await known(taskDefinition)) ?? (await start(taskDefinition));
  while (task.lastStatus !== "STOPPED") {
    if (context.getRemainingTimeInMillis() < 15000)
      throw new Error("The migration still runs and goes on: " + task.taskArn + ". Run pulumi up again, it waits for the same one. Log: " + LOG_GROUP);
    await new Promise((done) => setTimeout(done, 5000));
    [task] = await describe([task.taskArn]);
  }
  if (!succeeded(task)) throw new Error("The migration failed, and the previous release goes on: " + reason(task) + ". Log: aws logs tail " + LOG_GROUP);
  return { task: task.taskArn };
};

async function known(taskDefinition) {
  const family = taskDefinition.split("/")[1].split(":")[0];
  for (const desiredStatus of ["RUNNING", "STOPPED"]) {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, family, desiredStatus }));
    if (taskArns.length === 0) continue;
    const found = (await describe(taskArns)).find((task) => task.taskDefinitionArn === taskDefinition && (desiredStatus === "RUNNING" || succeeded(task)));
    if (found) return found;
  }
}

async function start(taskDefinition) {
  const { tasks = [], failures = [] } = await ecs.send(new RunTaskCommand({
    cluster,
    taskDefinition,
    launchType: "FARGATE",
    startedBy: "slipway-migration",
    propagateTags: "TASK_DEFINITION",
    networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS.split(","), securityGroups: [SECURITY_GROUP], assignPublicIp: "DISABLED" } },
  }));
  if (tasks.length === 0) throw new Error("ECS did not start the migration: " + failures.map(({ reason }) => reason).join(", "));
  return tasks[0];
}

const describe = async (tasks) => (await ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks;
const main = ({ containers = [] }) => containers.find(({ name }) => name === "migrate");
const succeeded = (task) => task.lastStatus === "STOPPED" && main(task)?.exitCode === 0;
const reason = (task) => main(task)?.exitCode === undefined ? task.stoppedReason : "exit code " + main(task).exitCode;
`;
