import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceScaling } from "../contract";
import { awsCron, scheduleOf } from "../schedule";

/** Other limits of the number of replicas from a moment on, until the next one. */
export interface ScalingSchedule {
  /** Five cron fields. @example "0 7 * * 1-5" */
  readonly cron: string;
  /** In which the cron fields are. @default "UTC" @example "Europe/Berlin" */
  readonly timeZone?: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

export interface AwsAutoscalingArgs {
  readonly scaling: ServiceScaling;
  /** @default the same limits at all times */
  readonly schedules?: readonly ScalingSchedule[];
  readonly cluster: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
  /** Whose requests count, as CloudWatch names them. Absent: a process that no request reaches. */
  readonly requests?: {
    readonly loadBalancer: pulumi.Input<string>;
    /** Where the load balancer has other services too. Default: every request that it gets. */
    readonly targetGroups?: readonly pulumi.Input<string>[];
  };
}

type Tracking = aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration;

/** Adds replicas when any of CPU, memory and requests asks for it, and takes them away when none does. Free. */
export class AwsAutoscaling extends pulumi.ComponentResource {
  constructor(name: string, args: AwsAutoscalingArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsAutoscaling", name, {}, options);
    const child = { parent: this };

    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.cluster}/${args.service}`,
        minCapacity: args.scaling.minReplicas,
        maxCapacity: args.scaling.maxReplicas,
      },
      // From the first of its moments on, a schedule decides.
      args.schedules === undefined
        ? child
        : pulumi.mergeOptions(child, { ignoreChanges: ["minCapacity", "maxCapacity"] }),
    );
    for (const [reason, tracking] of Object.entries(reasons(args))) {
      new aws.appautoscaling.Policy(
        `${name}-${reason}`,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          // Quick to add, slow to take away: a replica too many costs cents, one too few costs visitors.
          targetTrackingScalingPolicyConfiguration: { scaleOutCooldown: 60, scaleInCooldown: 300, ...tracking },
        },
        child,
      );
    }
    args.schedules?.forEach(({ cron, maxReplicas, minReplicas, timeZone }, index) => {
      new aws.appautoscaling.ScheduledAction(
        `${name}-schedule-${index + 1}`,
        {
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          schedule: awsCron(scheduleOf(name, cron)),
          timezone: timeZone ?? "UTC",
          scalableTargetAction: { minCapacity: minReplicas, maxCapacity: maxReplicas },
        },
        child,
      );
    });
    this.registerOutputs({});
  }
}

function reasons({ scaling, cluster, service, requests }: AwsAutoscalingArgs): Readonly<Record<string, Tracking>> {
  const ofService = [
    { name: "ClusterName", value: cluster },
    { name: "ServiceName", value: service },
  ];
  return {
    cpu: {
      targetValue: scaling.targetCpuPercent,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
    ...(scaling.targetMemoryPercent === false
      ? {}
      : {
          memory: {
            targetValue: scaling.targetMemoryPercent,
            predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
          },
        }),
    ...(requests === undefined ? {} : { requests: byRequests(requests, ofService, scaling) }),
  };
}

/**
 * Not the ready-made ALBRequestCountPerTarget: it follows one target group, and after a blue-green release visitors are in
 * the other.
 */
function byRequests(
  { loadBalancer, targetGroups }: NonNullable<AwsAutoscalingArgs["requests"]>,
  ofService: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimension[],
  scaling: ServiceScaling,
): Tracking {
  const balancer = { name: "LoadBalancer", value: loadBalancer };
  const counted = targetGroups?.map((group) => [balancer, { name: "TargetGroup", value: group }]) ?? [[balancer]];
  const ids = counted.map((_, index) => (index === 0 ? "requests" : `requests${index}`));
  // Without a request there is no data, and without data a policy never agrees to take a replica away.
  const filled = ids.map((id) => `FILL(${id}, 0)`).join(" + ");
  const all = ids.length === 1 ? filled : `(${filled})`;
  return {
    targetValue: scaling.requestsPerMinutePerReplica,
    customizedMetricSpecification: {
      metrics: [
        ...counted.map((dimensions, index) => ({
          id: ids[index]!,
          returnData: false,
          metricStat: {
            stat: "Sum",
            metric: { namespace: "AWS/ApplicationELB", metricName: "RequestCount", dimensions },
          },
        })),
        {
          id: "replicas",
          returnData: false,
          metricStat: {
            stat: "Average",
            metric: { namespace: "ECS/ContainerInsights", metricName: "RunningTaskCount", dimensions: ofService },
          },
        },
        { id: "each", expression: `${all} / replicas`, label: "Requests per minute and replica", returnData: true },
      ],
    },
  };
}
