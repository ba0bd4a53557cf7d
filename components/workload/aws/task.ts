import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository } from "../../image/aws-ecr-repository";
import type { Statement } from "../../shared/aws-policy-document";
import { cacheNamespace } from "../../shared/cache-namespace";
import { child as childOf, type Transform } from "../../shared/transform";
import { type HealthCheck, killAfterSeconds, type Process, type ResolvedProcess, resolveProcess } from "../contract";
import type { EcsCluster } from "./cluster";
import { containerDefinitions, type Step, writableVolume } from "./containers";
import { fargateSizeProblem } from "./fargate-size";
import { AwsRoles } from "./roles";

/** What every task on Fargate takes, whether it serves, works or ends. */
export interface AwsTaskArgs {
  /** Cluster it runs in, and with it network, logs and key. @example new AwsCluster("shop", { network }) */
  readonly cluster: EcsCluster;
  /** What runs. @example { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "worker.js"] } */
  readonly process: Process;
  /** What the image runs on. `linux/arm64` costs a fifth less. @default "linux/amd64" @example "linux/arm64" */
  readonly platform?: "linux/amd64" | "linux/arm64";
  /** ECR repository of the image. @default read from the image's name @example repository.arn */
  readonly repositoryArn?: pulumi.Input<string>;
  /** Secret with `username` and `password` that opens a private registry other than ECR. @default none @example secret.arn */
  readonly pullCredentialsArn?: pulumi.Input<string>;
  /**
   * What the process may do beside reading its own secrets, for example use a bucket.
   * @default nothing
   * @example [{ Effect: "Allow", Action: "ses:SendEmail", Resource: identity.arn }]
   */
  readonly permissions?: readonly Statement[];
  /** KMS key of the logs and of the secrets. Not a setting: a stack has one. @default the cluster's @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /** Days that the process's logs are kept. Not a setting: one is for all logs. @default the cluster's @example 90 */
  readonly logRetentionDays?: number;
}

export interface AwsTaskTransform {
  readonly logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  readonly taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
}

export interface AwsTask {
  readonly family: string;
  readonly roles: AwsRoles;
  readonly nodes: { readonly taskDefinition: aws.ecs.TaskDefinition; readonly logGroup: aws.cloudwatch.LogGroup };
}

/** Ports and health of the main container, where requests reach it. */
export interface Served {
  readonly port: number;
  readonly health: HealthCheck;
}

export interface CreateTaskArgs extends AwsTaskArgs {
  /** Name of the main container. */
  readonly container: string;
  readonly served?: Served;
  /** Containers that run one after the other before the main one. */
  readonly before?: readonly Step[];
  readonly transform?: AwsTaskTransform;
}

/**
 * What ECS takes of a health check and of a stop, in seconds:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
const limits = { startupSeconds: [0, 300], intervalSeconds: [5, 300], timeoutSeconds: [2, 60] } as const;
const stopSeconds = 120;

/** @throws when Fargate has no such task: one message that names all that is wrong. */
export function checkTask(name: string, { size, shutdown }: ResolvedProcess, served?: Served): void {
  const problem = fargateSizeProblem(size);
  const problems =
    problem === undefined ? [] : [`size.${problem.argument} ${size[problem.argument]} ${problem.message}`];
  const seconds = killAfterSeconds(shutdown);
  if (seconds > stopSeconds) problems.push(`shutdown takes ${seconds} s: Fargate kills after ${stopSeconds} s`);
  for (const [key, [least, most]] of Object.entries(limits)) {
    const found = served?.health[key as keyof typeof limits];
    if (found !== undefined && (found < least || found > most)) {
      problems.push(`health.${key} ${found}: ECS takes ${least} to ${most} s`);
    }
  }
  if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
}

/** Log group, roles and task definition of one process. */
export function createTask(name: string, args: CreateTaskArgs, options: pulumi.CustomResourceOptions): AwsTask {
  const { cluster, served, transform } = args;
  const process = resolveProcess(name, args.process);
  const keyArn = args.keyArn ?? cluster.keyArn;
  const family = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;

  const logGroup = new aws.cloudwatch.LogGroup(
    ...childOf<aws.cloudwatch.LogGroupArgs>(
      name,
      { retentionInDays: args.logRetentionDays ?? cluster.logRetentionDays, kmsKeyId: keyArn },
      options,
      transform?.logGroup,
    ),
  );
  const environment = {
    METRICS_PORT: String(process.metricsPort),
    ...(served === undefined ? {} : { PORT: String(served.port) }),
    SHUTDOWN_DELAY_SECONDS: String(process.shutdown.drainSeconds),
    SHUTDOWN_GRACE_SECONDS: String(process.shutdown.graceSeconds),
    CACHE_NAMESPACE: cacheNamespace(name, process.environment),
    ...process.environment,
    // Docker sets it to the container's name, and Next.js would then listen on that address alone.
    HOSTNAME: "::",
    RELEASE: process.image.release,
  };
  const roles = new AwsRoles(
    name,
    {
      environment,
      keyArn,
      logGroupArn: logGroup.arn,
      permissions: args.permissions ?? [],
      pullCredentialsArn: args.pullCredentialsArn,
      repositoryArn: args.repositoryArn ?? repositoryOf(args.process),
    },
    options,
  );
  const taskDefinition = new aws.ecs.TaskDefinition(
    ...childOf<aws.ecs.TaskDefinitionArgs>(
      name,
      {
        family,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        runtimePlatform: {
          operatingSystemFamily: "LINUX",
          cpuArchitecture: args.platform === "linux/arm64" ? "ARM64" : "X86_64",
        },
        // ECS counts 1024 units a CPU.
        cpu: String((process.size.cpuMillis * 1024) / 1000),
        memory: String(process.size.memoryMb),
        executionRoleArn: roles.executionRoleArn,
        taskRoleArn: roles.taskRoleArn,
        volumes: [{ name: "tmp" }, ...process.writable.map((_, index) => ({ name: writableVolume(index) }))],
        containerDefinitions: containerDefinitions({
          name: args.container,
          command: process.command,
          user: process.user,
          writable: process.writable,
          image: process.image.reference,
          environment,
          served,
          metricsPort: process.metricsPort,
          shutdown: process.shutdown,
          region: cluster.region,
          logGroup: logGroup.name,
          before: args.before ?? [],
          pullCredentialsArn: args.pullCredentialsArn,
        }),
        // A release that is deregistered cannot be gone back to.
        skipDestroy: true,
      },
      options,
      transform?.taskDefinition,
    ),
  );
  return { family, roles, nodes: { taskDefinition, logGroup } };
}

/** Only a name that is known now can say so; a program that makes the repository names it as `repositoryArn`. */
function repositoryOf({ image }: Process): string | undefined {
  return typeof image === "string" ? ecrRepository(image)?.arn : undefined;
}
