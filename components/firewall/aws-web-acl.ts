import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../shared/transform";

export interface AwsWebAclArgs {
  /** What it can stand in front of. CloudFront's live in us-east-1. */
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  /** ARN of what it stands in front of. Not for CloudFront: a distribution names its web ACL itself. */
  readonly protects?: pulumi.Input<string>;
  /** Requests from one address within 5 minutes above which it is refused. Default: 2000. */
  readonly requestsPerAddress?: number;
  /** Days that refused requests are kept in the log. */
  readonly logRetentionDays: number;
  readonly transform?: { readonly webAcl?: Transform<aws.wafv2.WebAclArgs> };
}

interface ManagedRules {
  readonly name: string;
  /** Rules that only count, and why. */
  readonly counted?: readonly string[];
}

/** Groups that AWS keeps up to date: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const managed: readonly ManagedRules[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  // Refuses bodies above 8 KB, and with them uploads and most server actions.
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
];

/**
 * A firewall for HTTP: known attackers, common attacks, and more requests from one address than a person makes.
 *
 * $9 a month (web ACL $5, four rules $1 each) and $0.60 for each million requests (https://aws.amazon.com/waf/pricing/). So
 * that nobody pays twice, it stands once: at CloudFront where there is one, else at the load balancer.
 */
export class AwsWebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AwsWebAclArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:firewall:AwsWebAcl", name, {}, options);
    const child = { parent: this };
    if ((args.scope === "CLOUDFRONT") === (args.protects !== undefined)) {
      throw new Error(
        `${name}: scope ${args.scope} and protects: a regional web ACL needs it, CloudFront's excludes it`,
      );
    }
    const place = args.scope === "CLOUDFRONT" ? { region: "us-east-1" } : {};

    const acl = createAcl();
    createLog();
    if (args.protects !== undefined) {
      new aws.wafv2.WebAclAssociation(name, { webAclArn: acl.arn, resourceArn: args.protects }, child);
    }

    this.arn = acl.arn;
    this.registerOutputs({ arn: this.arn });

    function createAcl(): aws.wafv2.WebAcl {
      return new aws.wafv2.WebAcl(
        name,
        transformed<aws.wafv2.WebAclArgs>(
          {
            ...place,
            scope: args.scope,
            defaultAction: { allow: {} },
            visibilityConfig: visibility(name),
            rules: [...managed.map(managedRule), rateRule()],
          },
          args.transform?.webAcl,
        ),
        child,
      );
    }

    function rateRule(): aws.types.input.wafv2.WebAclRule {
      return {
        name: "rate",
        priority: managed.length,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: args.requestsPerAddress ?? 2000 } },
        visibilityConfig: visibility("rate"),
      };
    }

    function createLog(): void {
      const log = new aws.cloudwatch.LogGroup(
        name,
        // The prefix is how WAF is allowed to write to it.
        { ...place, namePrefix: "aws-waf-logs-", retentionInDays: args.logRetentionDays },
        child,
      );
      new aws.wafv2.WebAclLoggingConfiguration(
        name,
        {
          ...place,
          resourceArn: acl.arn,
          logDestinationConfigs: [log.arn],
          redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
          // What was let through is in the access log already.
          loggingFilter: {
            defaultBehavior: "DROP",
            filters: [
              {
                behavior: "KEEP",
                requirement: "MEETS_ANY",
                conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
              },
            ],
          },
        },
        child,
      );
    }
  }
}

function managedRule({ name, counted = [] }: ManagedRules, priority: number): aws.types.input.wafv2.WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ...(counted.length === 0
          ? {}
          : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): aws.types.input.wafv2.WebAclVisibilityConfig {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
