import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceScaling } from "../contract";

export interface AwsAutoscalingArgs {
  readonly scaling: ServiceScaling;
  readonly cluster: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
  /** How CloudWatch names the load balancer. */
  readonly loadBalancer: pulumi.Input<string>;
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
      child,
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
    this.registerOutputs({});
  }
}

function reasons({ scaling, cluster, service, loadBalancer }: AwsAutoscalingArgs): Readonly<Record<string, Tracking>> {
  const ofService = [
    { name: "ClusterName", value: cluster },
    { name: "ServiceName", value: service },
  ];
  return {
    cpu: {
      targetValue: scaling.targetCpuPercent,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
    memory: {
      targetValue: scaling.targetMemoryPercent,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
    },
    requests: {
      targetValue: scaling.requestsPerMinutePerReplica,
      // Not the ready-made ALBRequestCountPerTarget: it follows one target group, and after a blue-green release visitors
      // are in the other.
      customizedMetricSpecification: {
        metrics: [
          {
            id: "requests",
            returnData: false,
            metricStat: {
              stat: "Sum",
              metric: {
                namespace: "AWS/ApplicationELB",
                metricName: "RequestCount",
                dimensions: [{ name: "LoadBalancer", value: loadBalancer }],
              },
            },
          },
          {
            id: "replicas",
            returnData: false,
            metricStat: {
              stat: "Average",
              metric: { namespace: "ECS/ContainerInsights", metricName: "RunningTaskCount", dimensions: ofService },
            },
          },
          { id: "each", expression: "requests / replicas", label: "Requests a minute and replica", returnData: true },
        ],
      },
    },
  };
}
