import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { child as childOf, type Transform } from "../shared/transform";
import { formerLoadBalancer } from "../workload/aws/former";
import { sideBySide, stickySeconds } from "../workload/aws/release";
import type { ReleaseStrategy } from "../workload/contract";
import type { ApplicationLoadBalancer } from "./aws-shared-load-balancer";
import { defaultHealth, defaultPort, type HealthCheck, type Ingress } from "./contract";

export interface AwsIngress extends Ingress {
  /** Load balancer that sends requests here. Several services can share one. @example new AwsLoadBalancer("shop-alb", …) */
  readonly loadBalancer: ApplicationLoadBalancer;
  /**
   * Host names that are sent here. `any`: whatever no other service takes; behind CloudFront, which also calls by the name
   * of its origin.
   * @default [domain]
   * @example ["shop.example.com", "www.shop.example.com"]
   */
  readonly hosts?: readonly string[] | "any";
  /**
   * Other host names, five at most, that are redirected to {@link domain}; not with a {@link priority} above 8. The
   * certificate must have them.
   * @default none
   * @example ["www.example.com"]
   */
  readonly redirectFrom?: readonly string[];
  /**
   * Place among the rules of the load balancer, 0 to 89: a lower one is asked first. Unique per service. Not a setting: a stack
   * has one service behind its load balancer.
   * @default 0
   * @example 1
   */
  readonly priority?: number;
  /**
   * First of three places in a row among the rules of a listener that others use too, in place of {@link priority}: redirects,
   * the release that is tested, visitors. @default by {@link priority} @example 20
   */
  readonly firstRule?: number;
  /**
   * Certificate of {@link hosts}, where the load balancer's own does not cover them. Not a setting: that of the stack covers its
   * names.
   * @default none
   * @example certificate.arn
   */
  readonly certificateArn?: pulumi.Input<string>;
  /**
   * Route 53 zone in which {@link domain} is pointed at a load balancer on the internet.
   * @default the record is yours to make
   * @example "Z0123456789ABCDEFGHIJ"
   */
  readonly hostedZoneId?: pulumi.Input<string>;
  /** Take over a record of {@link domain} that exists in the zone. @default false @example true */
  readonly overwriteRecords?: boolean;
}

/** One of the releases that take traffic. */
export interface TargetGroup {
  readonly arn: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly suffix: pulumi.Output<string>;
}

export interface AwsTargetGroupsArgs {
  readonly ingress: AwsIngress;
  readonly vpcId: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** Seconds that requests in flight get after a task has left the routing. */
  readonly drainSeconds: number;
  readonly release: ReleaseStrategy;
  /** Service whose ingress this is: what it may have been part of. */
  readonly service: { readonly name: string; readonly parent?: pulumi.Resource };
  readonly transform?: Transform<aws.lb.TargetGroupArgs>;
}

export interface AwsTargetGroups {
  readonly all: readonly TargetGroup[];
  readonly primary: TargetGroup;
  /** The other release's, where two run side by side. */
  readonly alternate: TargetGroup | undefined;
  /** Rule that decides which release visitors see. ECS changes its weights. */
  readonly productionRuleArn: pulumi.Output<string>;
  /** Rule that decides which release requests with the {@link testHeader} see. */
  readonly testRuleArn: pulumi.Output<string> | undefined;
  /** Header that leads to the new release, `name: value`. Secret. */
  readonly testHeader: pulumi.Output<string> | undefined;
  /** What decides who is sent here: a service may start once they are there. */
  readonly rules: readonly pulumi.Resource[];
  readonly nodes: { readonly primary: aws.lb.TargetGroup; readonly alternate: aws.lb.TargetGroup | undefined };
}

/** A request with this header, and a value that the stack alone knows, reaches the new release before anybody else does. */
const testHeader = "x-slipway-release";

export function resolveIngress({ health, port = defaultPort }: Ingress): { port: number; health: HealthCheck } {
  return { port, health: { ...defaultHealth, ...health } };
}

/** What one service adds to a load balancer: target groups, rules for its hosts, certificate, DNS record. */
export function createTargetGroups(
  name: string,
  args: AwsTargetGroupsArgs,
  options: pulumi.CustomResourceOptions,
): AwsTargetGroups {
  const { ingress, release } = args;
  const { loadBalancer, priority = 0 } = ingress;
  const { health, port } = resolveIngress(ingress);
  const hosts = ingress.hosts ?? [ingress.domain];
  const twoReleases = sideBySide(release);
  const formerParent = formerLoadBalancer(args.service.name, args.service.parent);
  const listenerArn = loadBalancer.listenerArn;

  if (ingress.firstRule === undefined) loadBalancer.claim(priority, name);
  loadBalancer.allow(port, args.securityGroupId);
  const blue = createTargetGroup("blue");
  const green = twoReleases ? createTargetGroup("green") : undefined;
  // A visitor who guesses it sees, and puts into caches, what has not been released.
  const testValue = twoReleases
    ? new random.RandomPassword(`${name}-test-header`, { length: 32, special: false }, options).result
    : undefined;
  presentCertificate();
  const production = green === undefined ? createRule(blue) : createWeightedRule(blue, green);
  const test = green === undefined ? undefined : createTestRule(green);
  createRedirect();
  createRecord();

  const primary = { arn: blue.arn, suffix: blue.arnSuffix };
  const alternate = green && { arn: green.arn, suffix: green.arnSuffix };
  return {
    all: alternate === undefined ? [primary] : [primary, alternate],
    primary,
    alternate,
    productionRuleArn: production.arn,
    testRuleArn: test?.arn,
    testHeader: testValue && pulumi.interpolate`${testHeader}: ${testValue}`,
    rules: test === undefined ? [production] : [production, test],
    nodes: { primary: blue, alternate: green },
  };

  function moved(formerName: string, more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    const former = { name: `${args.service.name}-alb-${formerName}`, parent: formerParent };
    return pulumi.mergeOptions(pulumi.mergeOptions(options, { aliases: [former] }), more);
  }

  function createTargetGroup(colour: string): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      ...childOf<aws.lb.TargetGroupArgs>(
        `${name}-${colour}`,
        {
          vpcId: args.vpcId,
          targetType: "ip",
          protocol: "HTTP",
          port,
          deregistrationDelay: args.drainSeconds,
          // A replica that is slow, because it is new or busy, gets less.
          loadBalancingAlgorithmType: "least_outstanding_requests",
          healthCheck: {
            path: health.readyPath,
            matcher: "200",
            interval: health.intervalSeconds,
            timeout: health.timeoutSeconds,
            healthyThreshold: 2,
            unhealthyThreshold: 3,
          },
        },
        // ECS registers each task with the port of its container; this one is a default that nothing uses, and to change
        // it would replace the group under the site.
        moved(colour, { ignoreChanges: ["port"] }),
        args.transform,
      ),
    );
  }

  function place(nth: number, own: number): number {
    return ingress.firstRule === undefined ? own + priority : ingress.firstRule + nth;
  }

  function hostCondition(): aws.types.input.lb.ListenerRuleCondition[] {
    return hosts === "any" ? [] : [{ hostHeader: { values: [...hosts] } }];
  }

  function visitors(): aws.types.input.lb.ListenerRuleCondition[] {
    return hosts === "any" ? [{ pathPattern: { values: ["/*"] } }] : hostCondition();
  }

  function createRule(group: aws.lb.TargetGroup): aws.lb.ListenerRule {
    return new aws.lb.ListenerRule(
      `${name}-all`,
      {
        listenerArn,
        priority: place(2, 200),
        conditions: visitors(),
        actions: [{ type: "forward", targetGroupArn: group.arn }],
      },
      moved("all"),
    );
  }

  function createWeightedRule(old: aws.lb.TargetGroup, next: aws.lb.TargetGroup): aws.lb.ListenerRule {
    const duration = stickySeconds(release);
    return new aws.lb.ListenerRule(
      `${name}-production`,
      {
        listenerArn,
        priority: place(2, 100),
        conditions: visitors(),
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
      moved("production", { ignoreChanges: ["actions"] }),
    );
  }

  function createTestRule(next: aws.lb.TargetGroup): aws.lb.ListenerRule {
    return new aws.lb.ListenerRule(
      `${name}-test`,
      {
        listenerArn,
        priority: place(1, 10),
        conditions: [...hostCondition(), { httpHeader: { httpHeaderName: testHeader, values: [testValue!] } }],
        actions: [{ type: "forward", forward: { targetGroups: [{ arn: next.arn, weight: 1 }] } }],
      },
      moved("test", { ignoreChanges: ["actions"] }),
    );
  }

  function createRedirect(): void {
    const { domain, redirectFrom = [] } = ingress;
    if (redirectFrom.length === 0) return;
    if (redirectFrom.length > 5 || priority > 8) {
      throw new Error(`${name}: ingress.redirectFrom takes 5 names at most, and a priority of 8 at most`);
    }
    new aws.lb.ListenerRule(
      `${name}-redirect`,
      {
        listenerArn,
        // Before every rule that takes any host.
        priority: place(0, 1),
        conditions: [{ hostHeader: { values: [...redirectFrom] } }],
        actions: [{ type: "redirect", redirect: { host: domain, statusCode: "HTTP_301" } }],
      },
      options,
    );
  }

  function presentCertificate(): void {
    if (ingress.certificateArn === undefined) return;
    new aws.lb.ListenerCertificate(
      `${name}-certificate`,
      { listenerArn, certificateArn: ingress.certificateArn },
      options,
    );
  }

  function createRecord(): void {
    if (ingress.hostedZoneId === undefined || loadBalancer.exposure !== "internet") return;
    for (const host of [ingress.domain, ...(ingress.redirectFrom ?? [])]) {
      const record = {
        zoneId: ingress.hostedZoneId,
        name: host,
        aliases: [{ name: loadBalancer.hostname, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true }],
        ...(ingress.overwriteRecords === true ? { allowOverwrite: true } : {}),
      };
      new aws.route53.Record(
        `${name}-${host}`,
        { ...record, type: "A" },
        host === ingress.domain ? moved(host) : options,
      );
      if (loadBalancer.ipv6 === true)
        new aws.route53.Record(`${name}-${host}-AAAA`, { ...record, type: "AAAA" }, options);
    }
  }
}
