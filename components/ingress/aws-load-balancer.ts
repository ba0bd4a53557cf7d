import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsFirewallRules, AwsWebAcl } from "../firewall/aws-web-acl";
import type { AwsNetwork } from "../network/contract";
import { AwsPrivateBucket } from "../shared/aws-private-bucket";
import { awsArn } from "../shared/aws-region";
import {
  child as childOf,
  invokeOptions,
  type Transform,
  type ChildTransforms,
  transforming,
} from "../shared/transform";
import { type ApplicationLoadBalancer, SharedLoadBalancer } from "./aws-shared-load-balancer";

export interface AwsLoadBalancerArgs {
  /** Where it stands. @example new AwsVpc("network", …) */
  readonly network: Pick<AwsNetwork, "vpcId" | "publicSubnetIds" | "privateSubnetIds">;
  /**
   * Who may call.
   * - `internet`: everybody; the load balancer has public addresses and a firewall of its own.
   * - `cloudfront`: CloudFront alone, over a private connection. No public address exists, nothing can go around the
   *   CDN, and the firewall stands at the CDN instead: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
   *
   * @default "internet"
   * @example "cloudfront"
   */
  readonly exposure?: "internet" | "cloudfront";
  /**
   * IPv6 beside IPv4 for one on the internet, whose subnets have addresses of both.
   *
   * @default false
   * @example true
   */
  readonly ipv6?: boolean;
  /** Certificate in the stack's region, for hosts that bring none of their own. @example certificate.arn */
  readonly certificateArn: pulumi.Input<string>;
  /** Days that access logs are kept. @default 30 @example 90 */
  readonly logRetentionDays?: number;
  /** Refuse to delete the load balancer, as its address may be in DNS records elsewhere. @default true @example false */
  readonly protect?: boolean;
  /** What the firewall of a load balancer on the internet lets through; `none`: there is no firewall. @default its own defaults @example { mode: "count" } */
  readonly firewall?: AwsFirewallRules | "none";
  /** KMS key of the firewall's log. @default a key of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms & {
    readonly loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
    readonly listener?: Transform<aws.lb.ListenerArgs>;
    readonly securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
  };
}

export interface AwsExistingLoadBalancerArgs {
  /** ARN of an Application Load Balancer. @example "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/main/50dc6c495c0c9188" */
  readonly arn: pulumi.Input<string>;
  /** ARN of its HTTPS listener, which gets the rules. @default the listener on port 443 @example listener.arn */
  readonly listenerArn?: pulumi.Input<string>;
  /** Security group of the load balancer, which is let through to the services. @default its first @example "sg-0f1e2d3c4b5a69788" */
  readonly securityGroupId?: pulumi.Input<string>;
  /** Who may call: of one on the `internet`, services get DNS records. @default "internet" @example "cloudfront" */
  readonly exposure?: "internet" | "cloudfront";
}

/**
 * Accounts with which Elastic Load Balancing writes logs in other partitions, where only those are documented for certain:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function logAccounts(region: string): string[] {
  const accounts: Readonly<Record<string, string>> = {
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
  };
  const account = accounts[region];
  return account === undefined ? [] : [account];
}

/** Seconds after which it closes an idle connection. The application keeps them for longer: it must never be the first. */
const idleTimeoutSeconds = 60;

/**
 * An Application Load Balancer with TLS 1.2 or 1.3, access logs, and a web ACL where the internet can reach it. It answers
 * 404 until services add their rules: several can share one, each under its own host names.
 *
 * About $16 a month and $6 per capacity unit in use (25 new connections a second, or 1 GB an hour:
 * https://aws.amazon.com/elasticloadbalancing/pricing/). On the internet: $11 more for three IPv4 addresses, $10 for the web ACL.
 *
 * @example
 * const loadBalancer = new AwsLoadBalancer("shop-alb", { network, certificateArn: certificate.arn });
 */
export class AwsLoadBalancer extends pulumi.ComponentResource implements ApplicationLoadBalancer {
  readonly arn: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly suffix: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  /** Zone of the host name, for an alias record. */
  readonly zoneId: pulumi.Output<string>;
  readonly exposure: "internet" | "cloudfront";
  readonly ipv6: boolean;
  readonly listenerArn: pulumi.Output<string>;
  readonly resources: readonly pulumi.Resource[] = [this];
  readonly nodes: {
    readonly loadBalancer: aws.lb.LoadBalancer;
    readonly listener: aws.lb.Listener;
    readonly securityGroup: aws.ec2.SecurityGroup;
    readonly logs: AwsPrivateBucket;
  };
  private readonly shared: SharedLoadBalancer;

  constructor(name: string, args: AwsLoadBalancerArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:AwsLoadBalancer", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const { exposure = "internet", logRetentionDays = 30, protect = true, transform } = args;
    const open = exposure === "internet";
    const ipv6 = open && args.ipv6 === true;

    const securityGroup = createSecurityGroup();
    const logs = createLogBucket();
    const loadBalancer = createLoadBalancer();
    const listener = createListener();
    if (open) {
      redirectToHttps();
      const { firewall, keyArn } = args;
      if (firewall !== "none") {
        const rules = { ...firewall, scope: "REGIONAL", protects: loadBalancer.arn, logRetentionDays, keyArn } as const;
        new AwsWebAcl(`${name}-waf`, rules, child);
      }
    }

    this.arn = loadBalancer.arn;
    this.suffix = loadBalancer.arnSuffix;
    this.hostname = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.exposure = exposure;
    this.ipv6 = ipv6;
    this.listenerArn = listener.arn;
    this.nodes = { loadBalancer, listener, securityGroup, logs };
    this.shared = new SharedLoadBalancer(name, securityGroup.id, child, true);
    this.registerOutputs({ arn: this.arn, hostname: this.hostname });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      const group = new aws.ec2.SecurityGroup(
        ...childOf<aws.ec2.SecurityGroupArgs>(
          name,
          {
            vpcId: args.network.vpcId,
            description: `Load balancer: in from ${open ? "the internet" : "CloudFront"}, out to the application`,
          },
          child,
          transform?.securityGroup,
        ),
      );
      for (const port of open ? [80, 443] : [443]) {
        const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port };
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-in-${port}`,
          {
            ...rule,
            description: open ? "Visitors" : "CloudFront",
            ...(open ? { cidrIpv4: "0.0.0.0/0" } : { prefixListId: cloudFrontAddresses() }),
          },
          child,
        );
        if (!ipv6) continue;
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-in-${port}-ipv6`,
          { ...rule, description: "Visitors by IPv6", cidrIpv6: "::/0" },
          child,
        );
      }
      return group;
    }

    function cloudFrontAddresses(): pulumi.Output<string> {
      return aws.ec2.getManagedPrefixListOutput({ name: "com.amazonaws.global.cloudfront.origin-facing" }, child).id;
    }

    function createLogBucket(): AwsPrivateBucket {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      const region = aws.config.region ?? "";
      return new AwsPrivateBucket(
        `${name}-logs`,
        {
          versioned: false,
          expireAfterDays: logRetentionDays,
          protect: false,
          statements: (arn) =>
            [
              { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
              ...logAccounts(region).map((account) => ({ AWS: awsArn(`iam::${account}:root`, region) })),
            ].map((Principal, index) => ({
              Sid: index === 0 ? "LoadBalancerWrites" : "LoadBalancerAccountWrites",
              Effect: "Allow",
              Principal,
              Action: "s3:PutObject",
              Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
            })),
        },
        child,
      );
    }

    function createLoadBalancer(): aws.lb.LoadBalancer {
      return new aws.lb.LoadBalancer(
        ...childOf<aws.lb.LoadBalancerArgs>(
          name,
          {
            loadBalancerType: "application",
            internal: !open,
            ...(ipv6 && { ipAddressType: "dualstack" }),
            subnets: [...(open ? args.network.publicSubnetIds : args.network.privateSubnetIds)],
            securityGroups: [securityGroup.id],
            dropInvalidHeaderFields: true,
            desyncMitigationMode: "defensive",
            preserveHostHeader: true,
            idleTimeout: idleTimeoutSeconds,
            enableDeletionProtection: protect,
            accessLogs: { bucket: logs.bucket, enabled: true },
          },
          // The load balancer tries to write as soon as logging is on.
          pulumi.mergeOptions(child, { dependsOn: logs }),
          transform?.loadBalancer,
        ),
      );
    }

    function createListener(): aws.lb.Listener {
      return new aws.lb.Listener(
        ...childOf<aws.lb.ListenerArgs>(
          `${name}-https`,
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
          child,
          transform?.listener,
        ),
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

  allow(port: number, securityGroupId: pulumi.Input<string>): void {
    this.shared.allow(port, securityGroupId);
  }

  claim(priority: number, service: string): void {
    this.shared.claim(priority, service);
  }

  /** One that exists, whose HTTPS listener gets rules for services here. Its own certificate, firewall and logs stay as they are. */
  static get(
    name: string,
    args: AwsExistingLoadBalancerArgs,
    options: pulumi.CustomResourceOptions = {},
  ): ApplicationLoadBalancer {
    const { arn, exposure = "internet" } = args;
    const invoke = invokeOptions(options);
    const found = aws.lb.getLoadBalancerOutput({ arn }, invoke);
    const listenerArn =
      args.listenerArn === undefined
        ? aws.lb.getListenerOutput({ loadBalancerArn: arn, port: 443 }, invoke).arn
        : pulumi.output(args.listenerArn);
    const securityGroupId = pulumi.output(args.securityGroupId ?? found.securityGroups[0]!);
    const shared = new SharedLoadBalancer(name, securityGroupId, options);
    return {
      arn: pulumi.output(arn),
      suffix: found.arnSuffix,
      hostname: found.dnsName,
      zoneId: found.zoneId,
      exposure,
      listenerArn,
      resources: [],
      allow: (port, group) => shared.allow(port, group),
      claim: (priority, service) => shared.claim(priority, service),
    };
  }
}
