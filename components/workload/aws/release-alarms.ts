import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { asChild, describeAlarm } from "../../monitoring/aws/description";
import type { TargetGroup } from "../../ingress/aws-target-groups";

export interface ReleaseLimits {
  /** Percent of requests answered 5xx, in either release. */
  readonly errorPercent: number;
  /** 95th percentile of the response time, in milliseconds, in either release. */
  readonly p95Milliseconds: number;
}

export interface AwsReleaseAlarmsArgs {
  readonly limits: ReleaseLimits;
  /** How CloudWatch names the load balancer. */
  readonly loadBalancer: pulumi.Input<string>;
  /** The releases that take traffic. */
  readonly targetGroups: readonly TargetGroup[];
  /** Told when an alarm goes off or ends. Default: none, as a composite alarm does it. */
  readonly topicArn?: pulumi.Input<string>;
  /** Host name of the site. Default: not said. */
  readonly domain?: string;
}

/** A release is judged on no fewer requests a minute than this: of three requests, one error is 33 percent. */
const leastRequests = 20;

/**
 * The alarms that roll a release back. Each takes the worse of the two target groups, not the sum: a tenth of the traffic
 * that fails would drown in nine tenths that do not. Twice in a row, so that one bad minute is not a verdict.
 */
export function createReleaseAlarms(
  name: string,
  args: AwsReleaseAlarmsArgs,
  options: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm[] {
  const { limits, loadBalancer, targetGroups, topicArn } = args;
  const actions = topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] };
  const described = (text: string) => (topicArn === undefined ? asChild(text) : text);

  return [
    alarm("errors", "Requests that fail with 5xx, in the worse release", limits.errorPercent, [
      ...ofEachGroup("requests", "RequestCount", "Sum"),
      ...ofEachGroup("errors", "HTTPCode_Target_5XX_Count", "Sum"),
      worst((index) => ratio(`errors${index}`, `requests${index}`)),
    ]),
    alarm("latency", "95th percentile of the response time, in the slower release", limits.p95Milliseconds / 1000, [
      ...ofEachGroup("requests", "RequestCount", "Sum"),
      ...ofEachGroup("p95", "TargetResponseTime", "p95"),
      worst((index) => `IF(FILL(requests${index}, 0) >= ${leastRequests}, FILL(p95${index}, 0), 0)`),
    ]),
  ];

  function alarm(
    suffix: "errors" | "latency",
    text: string,
    threshold: number,
    metricQueries: aws.types.input.cloudwatch.MetricAlarmMetricQuery[],
  ): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${suffix}`,
      {
        alarmDescription: described(
          describeAlarm(
            "page",
            `${text}. A release that is under way is rolled back. docs/runbooks/${suffix}.md`,
            args.domain,
          ),
        ),
        comparisonOperator: "GreaterThanThreshold",
        threshold,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        treatMissingData: "notBreaching",
        metricQueries,
        ...actions,
      },
      options,
    );
  }

  function ofEachGroup(
    id: string,
    metricName: string,
    stat: string,
  ): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
    return targetGroups.map(({ suffix }, index) => ({
      id: `${id}${index}`,
      returnData: false,
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName,
        stat,
        period: 60,
        dimensions: { LoadBalancer: loadBalancer, TargetGroup: suffix },
      },
    }));
  }

  function worst(expression: (index: number) => string): aws.types.input.cloudwatch.MetricAlarmMetricQuery {
    const each = targetGroups.map((_, index) => expression(index));
    return { id: "worst", returnData: true, expression: each.length === 1 ? each[0]! : `MAX([${each.join(", ")}])` };
  }
}

function ratio(part: string, whole: string): string {
  return `IF(FILL(${whole}, 0) >= ${leastRequests}, 100 * FILL(${part}, 0) / ${whole}, 0)`;
}
