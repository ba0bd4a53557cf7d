import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Statement, trustOf } from "../../shared/aws-policy-document";
import type { SignalSource } from "../../monitoring/contract";
import type { AwsNetwork } from "../../network/contract";
import { type Transform, transformed } from "../../shared/transform";
import { AwsAutoscaling } from "./autoscaling";
import { containerDefinitions, serverName, type Step } from "./containers";
import { AwsLoadBalancer, type AwsLoadBalancerArgs } from "../../ingress/aws-load-balancer";
import { deploymentConfiguration, sideBySide } from "./release";
import { createReleaseAlarms, type ReleaseLimits } from "./release-alarms";
import { AwsRoles } from "./roles";
import type { ContainerService, ContainerServiceArgs } from "../contract";

export interface AwsFargateServiceArgs extends ContainerServiceArgs {
  /** Region of the stack, for example `eu-central-1`. */
  readonly region: string;
  readonly network: AwsNetwork;
  /** Who may call the load balancer: everybody, or CloudFront alone. */
  readonly exposure: AwsLoadBalancerArgs["exposure"];
  /** Certificate of {@link domain} in the stack's region. */
  readonly certificateArn: pulumi.Input<string>;
  /** Route 53 zone in which {@link domain} is pointed here, where {@link exposure} is `internet`. */
  readonly hostedZoneId?: pulumi.Input<string>;
  /** What the image runs on. Default: `linux/amd64`. `linux/arm64` costs a fifth less. */
  readonly platform?: "linux/amd64" | "linux/arm64";
  /** ECR repository of the image; absent when it comes from elsewhere. */
  readonly repositoryArn?: pulumi.Input<string>;
  /** Secret with `username` and `password` that opens a private registry other than ECR. */
  readonly pullCredentialsArn?: pulumi.Input<string>;
  /** What the application may do beside reading its own secrets, for example use a bucket. Default: nothing. */
  readonly permissions?: readonly Statement[];
  /**
   * Command in the image that copies its static files to the bucket named by ASSETS_BUCKET; runs after the migration. When
   * it fails, the task starts all the same. Default: nothing is copied.
   */
  readonly publishAssets?: readonly string[];
  /** A release that goes above these is rolled back. */
  readonly rollbackAbove: ReleaseLimits;
  /** Told when a release is rolled back. */
  readonly alarmTopicArn?: pulumi.Input<string>;
  /** Days that the application's and the load balancer's logs are kept. */
  readonly logRetentionDays: number;
  /** KMS key of logs and secrets. Default: keys of AWS. */
  readonly keyArn?: pulumi.Input<string>;
  /** Refuse to delete the load balancer. */
  readonly protect: boolean;
  readonly transform?: AwsLoadBalancerArgs["transform"] & {
    readonly cluster?: Transform<aws.ecs.ClusterArgs>;
    readonly taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
    readonly service?: Transform<aws.ecs.ServiceArgs>;
  };
}

/**
 * The application on ECS Fargate behind an Application Load Balancer: spread over zones, without public addresses, root or
 * a writable disk; scaled on CPU, memory and requests; released as asked, and rolled back when replicas do not start, or
 * answer with errors or slowly.
 *
 * The migration is a container of the same task that must succeed before the server starts. So it runs before traffic
 * wherever a task is started, by `pulumi up`, by scaling and by a rollback alike, with the image, network and secrets of
 * the release itself; the application's advisory lock lets one do the work and the others find it done. When it fails, the
 * new tasks never become healthy, the circuit breaker gives up, and the old release has not stopped serving. ECS gives it
 * three minutes: what takes longer is not a migration but a job of its own.
 *
 * Two replicas of 0.5 vCPU and 1 GiB are about $36 a month (https://aws.amazon.com/fargate/pricing/), the load balancer $16
 * and more, logs $0.50 a GiB, Container Insights $0.30 for each figure.
 */
export class AwsFargateService extends pulumi.ComponentResource implements ContainerService {
  readonly url: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  readonly signals: readonly SignalSource[];
  readonly logs: pulumi.Output<string>;
  readonly rollback: pulumi.Output<string>;
  /** For a CDN in front, and for DNS. */
  readonly loadBalancer: AwsLoadBalancer;

  constructor(name: string, args: AwsFargateServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsFargateService", name, {}, options);
    const child = { parent: this };
    const family = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;

    const cluster = createCluster();
    const logGroup = createLogGroup();
    const loadBalancer = createLoadBalancer();
    const targetGroups = [loadBalancer.primary, ...(loadBalancer.alternate ? [loadBalancer.alternate] : [])];
    const alarms = createAlarms();
    const taskDefinition = createTaskDefinition();
    const service = createService();
    new AwsAutoscaling(
      `${name}-scaling`,
      { scaling: args.scaling, cluster: cluster.name, service: service.name, loadBalancer: loadBalancer.suffix },
      child,
    );

    this.loadBalancer = loadBalancer;
    this.url = pulumi.output(`https://${args.domain}`);
    this.hostname = loadBalancer.hostname;
    this.signals = createSignals();
    this.logs = pulumi.interpolate`aws logs tail ${logGroup.name} --follow --region ${args.region}`;
    this.rollback = pulumi.interpolate`aws ecs update-service --region ${args.region} --cluster ${cluster.name} --service ${service.name} --task-definition "$(aws ecs list-task-definitions --region ${args.region} --family-prefix ${family} --sort DESC --max-items 2 --query 'taskDefinitionArns[1]' --output json | tr -d '"')"`;
    this.registerOutputs({ url: this.url, hostname: this.hostname, logs: this.logs, rollback: this.rollback });

    function createCluster(): aws.ecs.Cluster {
      return new aws.ecs.Cluster(
        name,
        transformed<aws.ecs.ClusterArgs>(
          { settings: [{ name: "containerInsights", value: "enabled" }] },
          args.transform?.cluster,
        ),
        child,
      );
    }

    function createLogGroup(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        name,
        { retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
        child,
      );
    }

    function createLoadBalancer(): AwsLoadBalancer {
      const { certificateArn, domain, exposure, health, hostedZoneId, port, release } = args;
      const { logRetentionDays, network, protect, transform } = args;
      const { drainSeconds } = args.shutdown;
      const routing = { certificateArn, domain, drainSeconds, exposure, health, hostedZoneId, port, release };
      return new AwsLoadBalancer(`${name}-alb`, { ...routing, logRetentionDays, network, protect, transform }, child);
    }

    function createAlarms(): aws.cloudwatch.MetricAlarm[] {
      const { alarmTopicArn: topicArn, rollbackAbove: limits } = args;
      return createReleaseAlarms(
        `${name}-release`,
        { limits, loadBalancer: loadBalancer.suffix, targetGroups, topicArn },
        child,
      );
    }

    function createTaskDefinition(): aws.ecs.TaskDefinition {
      const environment = {
        ...args.environment,
        // Docker sets it to the container's name, and Next.js would then listen on that address alone.
        HOSTNAME: "0.0.0.0",
        RELEASE: args.image.release,
      };
      const { keyArn, permissions = [], pullCredentialsArn, repositoryArn } = args;
      const roles = new AwsRoles(
        name,
        { environment, keyArn, logGroupArn: logGroup.arn, permissions, pullCredentialsArn, repositoryArn },
        child,
      );
      return new aws.ecs.TaskDefinition(
        name,
        transformed<aws.ecs.TaskDefinitionArgs>(
          {
            family,
            requiresCompatibilities: ["FARGATE"],
            networkMode: "awsvpc",
            runtimePlatform: {
              operatingSystemFamily: "LINUX",
              cpuArchitecture: args.platform === "linux/arm64" ? "ARM64" : "X86_64",
            },
            // ECS counts 1024 units a CPU.
            cpu: String((args.size.cpuMillis * 1024) / 1000),
            memory: String(args.size.memoryMb),
            executionRoleArn: roles.executionRoleArn,
            taskRoleArn: roles.taskRoleArn,
            volumes: [{ name: "tmp" }],
            containerDefinitions: containerDefinitions({
              image: args.image.reference,
              environment,
              port: args.port,
              metricsPort: args.metricsPort,
              health: args.health,
              shutdown: args.shutdown,
              region: args.region,
              logGroup: logGroup.name,
              before: steps(),
              pullCredentialsArn,
            }),
            // A release that is deregistered cannot be gone back to.
            skipDestroy: true,
          },
          args.transform?.taskDefinition,
        ),
        child,
      );
    }

    function steps(): Step[] {
      const { migration, publishAssets } = args;
      return [
        ...(migration === undefined ? [] : [{ name: "migrate", command: migration, condition: "SUCCESS" as const }]),
        // The running release serves its own files; a bucket that takes none must not keep replicas from starting.
        ...(publishAssets === undefined
          ? []
          : [{ name: "publish-assets", command: publishAssets, condition: "COMPLETE" as const }]),
      ];
    }

    function createService(): aws.ecs.Service {
      return new aws.ecs.Service(
        name,
        transformed<aws.ecs.ServiceArgs>(
          {
            cluster: cluster.arn,
            taskDefinition: taskDefinition.arn,
            launchType: "FARGATE",
            platformVersion: "LATEST",
            desiredCount: args.scaling.minReplicas,
            availabilityZoneRebalancing: "ENABLED",
            networkConfiguration: {
              subnets: [...args.network.privateSubnetIds],
              securityGroups: [args.network.applicationSecurityGroupId],
              assignPublicIp: false,
            },
            loadBalancers: [routing()],
            deploymentConfiguration: deploymentConfiguration(args.release),
            // Never fewer replicas than asked for while a release is under way.
            deploymentMinimumHealthyPercent: 100,
            deploymentMaximumPercent: 200,
            deploymentCircuitBreaker: { enable: true, rollback: true },
            alarms: { enable: true, rollback: true, alarmNames: alarms.map((alarm) => alarm.name) },
            healthCheckGracePeriodSeconds: args.health.startupSeconds,
            enableEcsManagedTags: true,
            propagateTags: "SERVICE",
            enableExecuteCommand: false,
            // The command ends when the release has, well or not; interrupted, it rolls back.
            waitForSteadyState: true,
            sigintRollback: sideBySide(args.release),
          },
          args.transform?.service,
        ),
        pulumi.mergeOptions(child, {
          // ECS refuses a target group that no listener uses yet.
          dependsOn: loadBalancer,
          // Scaling owns it from the first minute on; to set it back would drop replicas under load.
          ignoreChanges: ["desiredCount"],
        }),
      );
    }

    function routing(): aws.types.input.ecs.ServiceLoadBalancer {
      const { alternate, primary, productionRuleArn, testRuleArn } = loadBalancer;
      const base = { targetGroupArn: primary.arn, containerName: serverName, containerPort: args.port };
      if (alternate === undefined) return base;
      return {
        ...base,
        advancedConfiguration: {
          alternateTargetGroupArn: alternate.arn,
          productionListenerRule: productionRuleArn,
          testListenerRule: testRuleArn,
          roleArn: createRoutingRole().arn,
        },
      };
    }

    function createRoutingRole(): aws.iam.Role {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      const role = new aws.iam.Role(
        `${name}-routing`,
        { assumeRolePolicy: trustOf("ecs.amazonaws.com", accountId) },
        child,
      );
      new aws.iam.RolePolicyAttachment(
        `${name}-routing`,
        { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers" },
        child,
      );
      return role;
    }

    function createSignals(): SignalSource[] {
      const [primary, alternate = primary] = targetGroups;
      return [
        { kind: "entrance", name: `${name}-entrance`, identifiers: { LoadBalancer: loadBalancer.suffix } },
        {
          kind: "service",
          name,
          identifiers: {
            ClusterName: cluster.name,
            ServiceName: service.name,
            LoadBalancer: loadBalancer.suffix,
            TargetGroup: primary!.suffix,
            AlternateTargetGroup: alternate!.suffix,
          },
          capacity: { minReplicas: args.scaling.minReplicas },
        },
      ];
    }
  }
}
