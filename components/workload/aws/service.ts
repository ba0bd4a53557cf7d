import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type AwsIngress,
  type AwsTargetGroups,
  createTargetGroups,
  resolveIngress,
} from "../../ingress/aws-target-groups";
import type { SignalSource } from "../../monitoring/contract";
import { trustOfEcs } from "../../shared/aws-policy-document";
import { awsArn } from "../../shared/aws-region";
import type { Environment } from "../../shared/environment";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";
import { type ReleaseStrategy, resolveProcess } from "../contract";
import { AwsAutoscaling, type ScalingSchedule } from "./autoscaling";
import { capacity } from "./capacity";
import { AwsMigration } from "./migration";
import type { Step } from "./containers";
import { formerServiceType } from "./former";
import { deploymentConfiguration, shiftMinutes, sideBySide } from "./release";
import { createReleaseAlarms, type ReleaseLimits } from "./release-alarms";
import { type AwsTaskArgs, type AwsTaskTransform, checkTask, createTask } from "./task";

export interface AwsServiceArgs extends AwsTaskArgs {
  /**
   * How requests reach the process. @default none: a worker
   * @example { domain: "shop.example.com", loadBalancer }
   */
  readonly ingress?: AwsIngress;
  /** How a new release takes over. A worker is always `rolling`. @default { strategy: "rolling" } @example { strategy: "blue-green", bakeMinutes: 10 } */
  readonly release?: ReleaseStrategy;
  /**
   * Command in the image that migrates the database, in a task of its own, once a release and before any replica of it starts.
   * When it fails, the previous release goes on. @default nothing to migrate @example ["node", "migrate.js"]
   */
  readonly migration?: readonly string[];
  /** Variables of the migration. @default those of the process @example { DATABASE_URL: database.url } */
  readonly migrationEnvironment?: Environment;
  /**
   * Command in the image that copies its static files to the bucket named by ASSETS_BUCKET; runs after the migration. When
   * it fails, the task starts all the same. @default nothing is copied @example ["node", "publish-assets.js"]
   */
  readonly publishAssets?: readonly string[];
  /** A release that goes above these is rolled back. @default { errorPercent: 1, p95Milliseconds: 1000 } @example { errorPercent: 5, p95Milliseconds: 3000 } */
  readonly rollbackAbove?: ReleaseLimits;
  /** Notified when a release is rolled back. @default nobody @example topic.arn */
  readonly alarmTopicArn?: pulumi.Input<string>;
  /**
   * Share of the replicas on Fargate Spot, in percent: about a third of the price, and taken away with two minutes' notice.
   * Below 100, {@link Process.scaling}'s `minReplicas` are never among them. The cluster must offer Spot.
   * @default 0 @example 50
   */
  readonly spotPercent?: number;
  /** Other numbers of replicas at certain times. @default none @example [{ cron: "0 7 * * 1-5", minReplicas: 4, maxReplicas: 20 }] */
  readonly schedules?: readonly ScalingSchedule[];
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms &
    AwsTaskTransform & {
      readonly service?: Transform<aws.ecs.ServiceArgs>;
      readonly targetGroup?: Transform<aws.lb.TargetGroupArgs>;
    };
}

const defaultLimits: ReleaseLimits = { errorPercent: 1, p95Milliseconds: 1000 };

/** Minutes for tasks to start and to stop. */
const startMinutes = 20;

/**
 * A process on ECS Fargate: spread over zones, without public addresses, root or a writable disk; scaled on CPU and memory;
 * released as asked, and rolled back when replicas do not start. With an ingress it serves behind a load balancer, is scaled
 * on requests too, and rolled back when it answers with errors or slowly. Without one it is a worker.
 *
 * The migration is a task of its own ({@link AwsMigration}), with the image, network and secrets of the release. It runs once a
 * release and before any replica of it starts; when it fails, the service is not touched. Scaling, a task that is replaced and
 * a way back migrate nothing, so replicas can also be added while the database is away.
 *
 * Two replicas of 0.5 vCPU and 1 GiB are about $36 a month (https://aws.amazon.com/fargate/pricing/), logs $0.50 per GiB.
 *
 * @example
 * new AwsService("web", {
 *   cluster,
 *   process: { image: "ghcr.io/acme/shop@sha256:4be1…" },
 *   ingress: { domain: "shop.example.com", loadBalancer },
 * });
 * new AwsService("mail", { cluster, process: { image, command: ["node", "mail.js"] } });
 */
export class AwsService extends pulumi.ComponentResource {
  /** Address of the ingress; absent for a worker. */
  readonly url: pulumi.Output<string> | undefined;
  readonly signals: readonly SignalSource[];
  /** Command that follows the logs. */
  readonly logs: pulumi.Output<string>;
  /** Command that goes back to the previous release. */
  readonly rollback: pulumi.Output<string>;
  /** Header that leads to the new release before visitors get it, where two run side by side. Secret. */
  readonly testHeader: pulumi.Output<string> | undefined;
  readonly nodes: {
    readonly service: aws.ecs.Service;
    readonly taskDefinition: aws.ecs.TaskDefinition;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly targetGroups: AwsTargetGroups["nodes"] | undefined;
    /** Of the ingress: the alarms that roll a release back. */
    readonly releaseAlarms: Readonly<Record<"errors" | "latency", aws.cloudwatch.MetricAlarm>> | undefined;
  };

  constructor(name: string, args: AwsServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const former = { aliases: [{ type: formerServiceType }] };
    super(
      "slipway:container-service:AwsService",
      name,
      {},
      transforming(pulumi.mergeOptions(former, options), args.transform),
    );
    const child = { parent: this };
    const { cluster, ingress, release = { strategy: "rolling" }, transform } = args;
    const { region } = cluster;
    const process = resolveProcess(name, args.process);
    const containerName = ingress === undefined ? "worker" : "server";
    const served = ingress && resolveIngress(ingress);
    checkTask(name, process, served);
    if (ingress === undefined && sideBySide(release)) {
      throw new Error(`${name}: release.strategy ${release.strategy} without ingress: only traffic can be shifted`);
    }

    const targets = ingress && createTargets(ingress);
    const alarms = targets && createAlarms(targets);
    const { family, nodes, roles } = createTask(
      name,
      { ...args, container: containerName, served, before: steps() },
      child,
    );
    const migrated = createMigration();
    const service = createService();
    createScaling();

    this.url = ingress && pulumi.output(`https://${ingress.domain}`);
    this.signals = createSignals();
    this.logs = pulumi.interpolate`aws logs tail ${nodes.logGroup.name} --follow --region ${region}`;
    this.rollback = pulumi.interpolate`aws ecs update-service --region ${region} --cluster ${cluster.name} --service ${service.name} --task-definition "$(aws ecs list-task-definitions --region ${region} --family-prefix ${family} --sort DESC --max-items 2 --query 'taskDefinitionArns[1]' --output json | tr -d '"')"`;
    this.testHeader = targets?.testHeader;
    const releaseAlarms = alarms && { errors: alarms[0]!, latency: alarms[1]! };
    this.nodes = { service, ...nodes, targetGroups: targets?.nodes, releaseAlarms };
    this.registerOutputs({ url: this.url, logs: this.logs, rollback: this.rollback });

    function createTargets(given: AwsIngress): AwsTargetGroups {
      const { applicationSecurityGroupId: securityGroupId, vpcId } = cluster.network;
      const { drainSeconds } = process.shutdown;
      const service = { name, parent: options?.parent };
      return createTargetGroups(
        name,
        { ingress: given, vpcId, securityGroupId, drainSeconds, release, service, transform: transform?.targetGroup },
        child,
      );
    }

    function createAlarms({ all }: AwsTargetGroups): aws.cloudwatch.MetricAlarm[] {
      const { alarmTopicArn: topicArn, rollbackAbove: limits = defaultLimits } = args;
      const loadBalancer = ingress!.loadBalancer.suffix;
      return createReleaseAlarms(
        `${name}-release`,
        { limits, loadBalancer, targetGroups: all, topicArn, domain: ingress!.domain },
        child,
      );
    }

    function createMigration(): AwsMigration | undefined {
      const { keyArn, logRetentionDays, migration: command, platform, pullCredentialsArn, repositoryArn } = args;
      if (command === undefined) return undefined;
      const task = {
        cluster,
        process: { ...args.process, environment: args.migrationEnvironment ?? args.process.environment },
        keyArn,
        logRetentionDays,
        platform,
        pullCredentialsArn,
        repositoryArn,
      };
      return new AwsMigration(`${name}-migration`, { ...task, command }, child);
    }

    function steps(): Step[] {
      const { publishAssets } = args;
      return [
        // The running release serves its own files; a bucket that takes none must not keep replicas from starting.
        ...(publishAssets === undefined
          ? []
          : [{ name: "publish-assets", command: publishAssets, condition: "COMPLETE" as const }]),
      ];
    }

    function createService(): aws.ecs.Service {
      const routed = targets && routing(targets);
      const minutes = startMinutes + shiftMinutes(release);
      return new aws.ecs.Service(
        ...childOf<aws.ecs.ServiceArgs>(
          name,
          {
            cluster: cluster.arn,
            taskDefinition: nodes.taskDefinition.arn,
            ...capacity(process.scaling, args.spotPercent),
            platformVersion: "LATEST",
            desiredCount: process.scaling.minReplicas,
            availabilityZoneRebalancing: "ENABLED",
            networkConfiguration: {
              subnets: [...cluster.network.privateSubnetIds],
              securityGroups: [cluster.network.applicationSecurityGroupId],
              assignPublicIp: false,
            },
            ...(routed === undefined
              ? {}
              : {
                  loadBalancers: [routed.loadBalancer],
                  healthCheckGracePeriodSeconds: served!.health.startupSeconds,
                  alarms: { enable: true, rollback: true, alarmNames: alarms!.map((alarm) => alarm.name) },
                }),
            deploymentConfiguration: deploymentConfiguration(release),
            // Never fewer replicas than asked for while a release is under way.
            deploymentMinimumHealthyPercent: 100,
            deploymentMaximumPercent: 200,
            // Of rolling releases alone: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
            ...(sideBySide(release) ? {} : { deploymentCircuitBreaker: { enable: true, rollback: true } }),
            enableEcsManagedTags: true,
            propagateTags: "SERVICE",
            enableExecuteCommand: false,
            // The command ends when the release has, well or not; interrupted, it rolls back.
            waitForSteadyState: true,
            sigintRollback: sideBySide(release),
          },
          pulumi.mergeOptions(child, {
            // ECS refuses a target group that no listener uses yet. And what tasks need until they have stopped goes after
            // them: without its policies or the rules of its group a service never finishes draining.
            dependsOn: [
              roles,
              ...(cluster.capacity === undefined ? [] : [cluster.capacity]),
              ...(migrated === undefined ? [] : [migrated.nodes.run]),
              ...(ingress?.loadBalancer.resources ?? []),
              ...(routed === undefined ? [] : routed.needs),
            ],
            // Scaling owns it from the first minute on; to set it back would drop replicas under load.
            ignoreChanges: ["desiredCount"],
            ...(sideBySide(release) ? { customTimeouts: { create: `${minutes}m`, update: `${minutes}m` } } : {}),
          }),
          transform?.service,
        ),
      );
    }

    function routing({ alternate, primary, productionRuleArn, rules, testRuleArn }: AwsTargetGroups): {
      readonly loadBalancer: aws.types.input.ecs.ServiceLoadBalancer;
      readonly needs: readonly pulumi.Resource[];
    } {
      const base = { targetGroupArn: primary.arn, containerName, containerPort: served!.port };
      if (alternate === undefined) return { loadBalancer: base, needs: rules };
      const { attachment, role } = createRoutingRole();
      return {
        loadBalancer: {
          ...base,
          advancedConfiguration: {
            alternateTargetGroupArn: alternate.arn,
            productionListenerRule: productionRuleArn,
            testListenerRule: testRuleArn,
            roleArn: role.arn,
          },
        },
        needs: [...rules, attachment],
      };
    }

    function createRoutingRole(): { readonly role: aws.iam.Role; readonly attachment: aws.iam.RolePolicyAttachment } {
      const role = new aws.iam.Role(`${name}-routing`, { assumeRolePolicy: trustOfEcs() }, child);
      const policyArn = awsArn("iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers", region);
      const attachment = new aws.iam.RolePolicyAttachment(`${name}-routing`, { role: role.name, policyArn }, child);
      return { role, attachment };
    }

    function createScaling(): void {
      const { maxReplicas, minReplicas } = process.scaling;
      if (ingress === undefined && minReplicas === maxReplicas && args.schedules === undefined) return;
      const shared = ingress !== undefined && ingress.hosts !== "any";
      new AwsAutoscaling(
        `${name}-scaling`,
        {
          scaling: process.scaling,
          schedules: args.schedules,
          cluster: cluster.name,
          service: service.name,
          requests: ingress && {
            loadBalancer: ingress.loadBalancer.suffix,
            targetGroups: shared ? targets!.all.map(({ suffix }) => suffix) : undefined,
          },
        },
        child,
      );
    }

    function createSignals(): SignalSource[] {
      const replicas = { ClusterName: cluster.name, ServiceName: service.name };
      const capacity = { minReplicas: process.scaling.minReplicas };
      if (ingress === undefined) return [{ kind: "worker", name, identifiers: replicas, capacity }];
      const { alternate, primary } = targets!;
      const LoadBalancer = ingress.loadBalancer.suffix;
      const [TargetGroup, AlternateTargetGroup] = [primary.suffix, (alternate ?? primary).suffix];
      return [
        { kind: "ingress", name: `${name}-ingress`, formerName: `${name}-entrance`, identifiers: { LoadBalancer } },
        {
          kind: "service",
          name,
          identifiers: { ...replicas, LoadBalancer, TargetGroup, AlternateTargetGroup },
          capacity,
        },
      ];
    }
  }
}
