import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AwsWebAcl } from "../firewall/aws-web-acl";
import type { AwsNetwork } from "../network/contract";
import { AwsPrivateBucket } from "../shared/aws-private-bucket";
import { type Transform, transformed } from "../shared/transform";
import { sideBySide, stickySeconds } from "../workload/aws/release";
import type { HealthCheck, ReleaseStrategy } from "../workload/contract";

/** A request with this header and value reaches the new release before anybody else does. */
const testHeader = { name: "x-slipway-release", value: "next" } as const;

export interface AwsLoadBalancerArgs {
  readonly network: AwsNetwork;
  /**
   * Who may call.
   * - `internet`: everybody; the load balancer has public addresses and a firewall of its own.
   * - `cloudfront`: CloudFront alone, over a private connection. No public address exists, nothing can go around the
   *   CDN, and the firewall stands at the CDN instead: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
   */
  readonly exposure: "internet" | "cloudfront";
  /** Certificate in the stack's region. */
  readonly certificateArn: pulumi.Input<string>;
  readonly domain: string;
  /** Route 53 zone in which {@link domain} is pointed here, where {@link exposure} is `internet`. Without it the record is yours to make. */
  readonly hostedZoneId?: pulumi.Input<string>;
  /** Port of the application. */
  readonly port: number;
  readonly health: HealthCheck;
  /** Seconds that requests in flight get after a task has left the routing. */
  readonly drainSeconds: number;
  readonly release: ReleaseStrategy;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /** Refuse to delete the load balancer, as its address may be in DNS records elsewhere. */
  readonly protect: boolean;
  readonly transform?: {
    readonly loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
    readonly targetGroup?: Transform<aws.lb.TargetGroupArgs>;
    readonly listener?: Transform<aws.lb.ListenerArgs>;
  };
}

/** A release that takes traffic. */
export interface TargetGroup {
  readonly arn: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly suffix: pulumi.Output<string>;
}

/**
 * The entrance: an Application Load Balancer with TLS 1.2 or 1.3, access logs, and the target groups and rules that the
 * release strategy needs.
 *
 * About $16 a month and $6 for each capacity unit in use (25 new connections a second, or 1 GB an hour:
 * https://aws.amazon.com/elasticloadbalancing/pricing/). A public one: $11 more for three IPv4 addresses, $9 for its firewall.
 */
export class AwsLoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly suffix: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  /** Zone of the host name, for an alias record. */
  readonly zoneId: pulumi.Output<string>;
  readonly primary: TargetGroup;
  /** The other release's, where two run side by side. */
  readonly alternate: TargetGroup | undefined;
  /** Rule that decides which release visitors see. ECS changes its weights. */
  readonly productionRuleArn: pulumi.Output<string>;
  /** Rule that decides which release requests with the {@link testHeader} see. */
  readonly testRuleArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: AwsLoadBalancerArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsLoadBalancer", name, {}, options);
    const child = { parent: this };
    const open = args.exposure === "internet";
    const twoReleases = sideBySide(args.release);

    const securityGroup = createSecurityGroup();
    const logs = createLogBucket();
    const loadBalancer = createLoadBalancer();
    const blue = createTargetGroup("blue");
    const green = twoReleases ? createTargetGroup("green") : undefined;
    const listener = createListener();
    const production = green === undefined ? createRule(blue) : createWeightedRule(blue, green);
    const test = green === undefined ? undefined : createTestRule(green);
    if (open) {
      redirectToHttps();
      createRecord();
      new AwsWebAcl(
        `${name}-waf`,
        { scope: "REGIONAL", protects: loadBalancer.arn, logRetentionDays: args.logRetentionDays },
        child,
      );
    }

    this.arn = loadBalancer.arn;
    this.suffix = loadBalancer.arnSuffix;
    this.hostname = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.primary = { arn: blue.arn, suffix: blue.arnSuffix };
    this.alternate = green && { arn: green.arn, suffix: green.arnSuffix };
    this.productionRuleArn = production.arn;
    this.testRuleArn = test?.arn;
    this.registerOutputs({ arn: this.arn, hostname: this.hostname });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      const { applicationSecurityGroupId, vpcId } = args.network;
      const group = new aws.ec2.SecurityGroup(
        name,
        {
          vpcId,
          description: `Load balancer: in from ${open ? "the internet" : "CloudFront"}, out to the application`,
        },
        child,
      );
      for (const port of open ? [80, 443] : [443]) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-in-${port}`,
          {
            securityGroupId: group.id,
            description: open ? "Visitors" : "CloudFront",
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            ...(open ? { cidrIpv4: "0.0.0.0/0" } : { prefixListId: cloudFrontAddresses() }),
          },
          child,
        );
      }
      const toApplication = { ipProtocol: "tcp", fromPort: args.port, toPort: args.port };
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-out`,
        {
          securityGroupId: group.id,
          description: "The application",
          referencedSecurityGroupId: applicationSecurityGroupId,
          ...toApplication,
        },
        child,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-application`,
        {
          securityGroupId: applicationSecurityGroupId,
          description: "Requests from the load balancer",
          referencedSecurityGroupId: group.id,
          ...toApplication,
        },
        child,
      );
      return group;
    }

    function cloudFrontAddresses(): pulumi.Output<string> {
      return aws.ec2.getManagedPrefixListOutput({ name: "com.amazonaws.global.cloudfront.origin-facing" }, child).id;
    }

    function createLogBucket(): AwsPrivateBucket {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      return new AwsPrivateBucket(
        `${name}-logs`,
        {
          versioned: false,
          expireAfterDays: args.logRetentionDays,
          protect: false,
          statements: (arn) => [
            {
              Sid: "LoadBalancerWrites",
              Effect: "Allow",
              Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
              Action: "s3:PutObject",
              Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
            },
          ],
        },
        child,
      );
    }

    function createLoadBalancer(): aws.lb.LoadBalancer {
      return new aws.lb.LoadBalancer(
        name,
        transformed<aws.lb.LoadBalancerArgs>(
          {
            loadBalancerType: "application",
            internal: !open,
            subnets: [...(open ? args.network.publicSubnetIds : args.network.privateSubnetIds)],
            securityGroups: [securityGroup.id],
            dropInvalidHeaderFields: true,
            desyncMitigationMode: "defensive",
            preserveHostHeader: true,
            // The application keeps idle connections for 70 s: the one who closes first must be the load balancer.
            idleTimeout: 60,
            enableDeletionProtection: args.protect,
            accessLogs: { bucket: logs.bucket, enabled: true },
          },
          args.transform?.loadBalancer,
        ),
        // The load balancer tries to write as soon as it is told to.
        pulumi.mergeOptions(child, { dependsOn: logs }),
      );
    }

    function createTargetGroup(colour: string): aws.lb.TargetGroup {
      return new aws.lb.TargetGroup(
        `${name}-${colour}`,
        transformed<aws.lb.TargetGroupArgs>(
          {
            vpcId: args.network.vpcId,
            targetType: "ip",
            protocol: "HTTP",
            port: args.port,
            deregistrationDelay: args.drainSeconds,
            // A replica that is slow, because it is new or busy, gets less.
            loadBalancingAlgorithmType: "least_outstanding_requests",
            healthCheck: {
              path: args.health.readyPath,
              matcher: "200",
              interval: args.health.intervalSeconds,
              timeout: args.health.timeoutSeconds,
              healthyThreshold: 2,
              unhealthyThreshold: 3,
            },
          },
          args.transform?.targetGroup,
        ),
        child,
      );
    }

    function createListener(): aws.lb.Listener {
      return new aws.lb.Listener(
        `${name}-https`,
        transformed<aws.lb.ListenerArgs>(
          {
            loadBalancerArn: loadBalancer.arn,
            protocol: "HTTPS",
            port: 443,
            // TLS 1.3 and 1.2 with forward secrecy alone: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
            sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            certificateArn: args.certificateArn,
            // Rules decide; what no rule takes does not exist.
            defaultActions: [
              {
                type: "fixed-response",
                fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
              },
            ],
          },
          args.transform?.listener,
        ),
        child,
      );
    }

    function createRule(group: aws.lb.TargetGroup): aws.lb.ListenerRule {
      return new aws.lb.ListenerRule(
        `${name}-all`,
        {
          listenerArn: listener.arn,
          priority: 200,
          conditions: [{ pathPattern: { values: ["/*"] } }],
          actions: [{ type: "forward", targetGroupArn: group.arn }],
        },
        child,
      );
    }

    function createWeightedRule(old: aws.lb.TargetGroup, next: aws.lb.TargetGroup): aws.lb.ListenerRule {
      const duration = stickySeconds(args.release);
      return new aws.lb.ListenerRule(
        `${name}-production`,
        {
          listenerArn: listener.arn,
          priority: 100,
          conditions: [{ pathPattern: { values: ["/*"] } }],
          actions: [
            {
              type: "forward",
              forward: {
                targetGroups: [
                  { arn: old.arn, weight: 1 },
                  { arn: next.arn, weight: 0 },
                ],
                ...(duration === undefined ? {} : { stickiness: { enabled: true, duration } }),
              },
            },
          ],
        },
        // From the first release on the weights are ECS's: to set them back would send visitors to an empty group.
        pulumi.mergeOptions(child, { ignoreChanges: ["actions"] }),
      );
    }

    function createTestRule(next: aws.lb.TargetGroup): aws.lb.ListenerRule {
      return new aws.lb.ListenerRule(
        `${name}-test`,
        {
          listenerArn: listener.arn,
          priority: 10,
          conditions: [{ httpHeader: { httpHeaderName: testHeader.name, values: [testHeader.value] } }],
          actions: [{ type: "forward", forward: { targetGroups: [{ arn: next.arn, weight: 1 }] } }],
        },
        pulumi.mergeOptions(child, { ignoreChanges: ["actions"] }),
      );
    }

    function createRecord(): void {
      if (args.hostedZoneId === undefined) return;
      const { dnsName, zoneId } = loadBalancer;
      new aws.route53.Record(
        `${name}-${args.domain}`,
        {
          zoneId: args.hostedZoneId,
          name: args.domain,
          type: "A",
          aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
        },
        child,
      );
    }

    function redirectToHttps(): void {
      new aws.lb.Listener(
        `${name}-http`,
        {
          loadBalancerArn: loadBalancer.arn,
          protocol: "HTTP",
          port: 80,
          defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
        },
        child,
      );
    }
  }
}
