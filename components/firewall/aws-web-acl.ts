import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaultAssetPath } from "../ingress/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";

/** What a team may want to move. `"none"` in its place: no firewall, and nothing to pay for one. */
export interface AwsFirewallRules {
  /** `count`: what would be refused is only counted and logged. @default "block" @example "count" */
  readonly mode?: "block" | "count";
  /**
   * Requests from one address within 5 minutes above which it is refused, static files and prefetches not counted; of all
   * requests, ten times as many. @default 2000 @example 10000
   */
  readonly requestsPerAddress?: number;
  /** What the paths of static files begin with, which are not counted. @default "/_next/static/" @example "/shop/_next/static/" */
  readonly assetPath?: string;
  /** Beginnings of paths for which nothing is refused. @default none @example ["/api/webhooks/"] */
  readonly exemptPaths?: readonly string[];
}

export interface AwsWebAclArgs extends AwsFirewallRules {
  /** What it can stand in front of. CloudFront's live in us-east-1. @example "REGIONAL" */
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  /**
   * ARN of what it stands in front of. Not for CloudFront: a distribution names its web ACL itself.
   *
   * @default none
   * @example loadBalancer.arn
   */
  readonly protects?: pulumi.Input<string>;
  /** Days that refused requests are kept in the log. @example 90 */
  readonly logRetentionDays: number;
  /** KMS key of the log, in its region. @default a key of AWS @example key.edgeArn */
  readonly keyArn?: pulumi.Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly webAcl?: Transform<aws.wafv2.WebAclArgs> };
}

interface ManagedRules {
  readonly name: string;
  /** Rules that only count, and why. */
  readonly counted?: readonly string[];
}

/** Groups that AWS keeps up to date: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const managed: readonly ManagedRules[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  {
    name: "AWSManagedRulesCommonRuleSet",
    // They refuse bodies above 8 KB, and with them uploads and most server actions; and what editors of rich text send: HTML,
    // relative paths, addresses of other sites. What is written there is the application's to clean.
    counted: [
      "SizeRestrictions_BODY",
      "CrossSiteScripting_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "EC2MetaDataSSRF_BODY",
    ],
  },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
];

/**
 * A firewall for HTTP: known attackers, common attacks, and more requests from one address than a person makes.
 *
 * $10 a month (web ACL $5, five rules $1 each) and $0.60 for each million requests (https://aws.amazon.com/waf/pricing/). So
 * that nobody pays twice, it stands once: at CloudFront where there is one, else at the load balancer.
 */
export class AwsWebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AwsWebAclArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:firewall:AwsWebAcl", name, {}, transforming(options, args.transform));
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
        ...childOf<aws.wafv2.WebAclArgs>(
          name,
          {
            ...place,
            scope: args.scope,
            defaultAction: { allow: {} },
            visibilityConfig: visibility(name),
            rules: rules(args),
          },
          child,
          args.transform?.webAcl,
        ),
      );
    }

    function createLog(): void {
      const log = new aws.cloudwatch.LogGroup(
        name,
        // The prefix is how WAF is allowed to write to it.
        { ...place, namePrefix: "aws-waf-logs-", retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
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

type Rule = aws.types.input.wafv2.WebAclRule;
type RuleStatement = aws.types.input.wafv2.WebAclRuleStatement;

/** In the order in which AWS WAF asks them. The first that refuses, or lets through, decides. */
function rules({
  assetPath = defaultAssetPath,
  exemptPaths = [],
  mode = "block",
  requestsPerAddress = 2000,
}: AwsFirewallRules): Rule[] {
  const count = mode === "count";
  const limited = (name: string, limit: number, scopeDownStatement?: RuleStatement) => ({
    name,
    action: count ? { count: {} } : { block: {} },
    statement: {
      rateBasedStatement: { aggregateKeyType: "IP", limit, ...(scopeDownStatement && { scopeDownStatement }) },
    },
  });
  const named: readonly Omit<Rule, "priority" | "visibilityConfig">[] = [
    ...managed.map((group) => managedRule(group, count)),
    limited("rate", requestsPerAddress, { notStatement: { statement: anyOf(cheap(assetPath)) } }),
    // A client that calls everything a prefetch is stopped here.
    limited("rate-all", 10 * requestsPerAddress),
  ];
  const exempt =
    exemptPaths.length === 0
      ? []
      : [{ name: "exempt", action: { allow: {} }, statement: anyOf(exemptPaths.map(pathStarts)) }];
  return [...exempt, ...named].map((rule, priority) => ({
    ...rule,
    priority,
    visibilityConfig: visibility(rule.name as string),
  }));
}

/** Requests that cost next to nothing: hashed files, and pages that a browser asks for before anybody clicks. */
const cheap = (assetPath: string): readonly RuleStatement[] => [
  pathStarts(assetPath),
  headerIs("next-router-prefetch", "1"),
];

/** A path as the application will read it: decoded, and without the dots that would lead out of an exempted folder. */
function pathStarts(searchString: string): RuleStatement {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: "STARTS_WITH",
      searchString,
      textTransformations: [
        { priority: 0, type: "URL_DECODE" },
        { priority: 1, type: "NORMALIZE_PATH" },
      ],
    },
  };
}

function headerIs(name: string, searchString: string): RuleStatement {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { name } },
      positionalConstraint: "EXACTLY",
      searchString,
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
}

/** AWS WAF takes an `or` of two or more. */
function anyOf(statements: readonly RuleStatement[]): RuleStatement {
  return statements.length === 1 ? statements[0]! : { orStatement: { statements: [...statements] } };
}

function managedRule(
  { name, counted = [] }: ManagedRules,
  count: boolean,
): Omit<Rule, "priority" | "visibilityConfig"> {
  return {
    name,
    overrideAction: count ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ...(counted.length === 0
          ? {}
          : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
  };
}

function visibility(metricName: string): aws.types.input.wafv2.WebAclVisibilityConfig {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
