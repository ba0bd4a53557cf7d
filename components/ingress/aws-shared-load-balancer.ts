import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What a service must know of the load balancer that sends it requests. */
export interface ApplicationLoadBalancer {
  readonly arn: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly suffix: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  /** Zone of the host name, for an alias record. */
  readonly zoneId: pulumi.Output<string>;
  readonly exposure: "internet" | "cloudfront";
  /** Whether it has IPv6 addresses as well; of one that exists nobody knows. */
  readonly ipv6?: boolean;
  /** HTTPS listener, which gets the rules. */
  readonly listenerArn: pulumi.Output<string>;
  /** What must be there before a service is; nothing of one that exists. */
  readonly resources: readonly pulumi.Resource[];
  /** Lets requests pass to a port of a security group. Once for all services that share both. */
  allow(port: number, securityGroupId: pulumi.Input<string>): void;
  /** @throws when two services would have rules at the same place. */
  claim(priority: number, service: string): void;
}

/** What services that share a load balancer must agree on. */
export class SharedLoadBalancer implements Pick<ApplicationLoadBalancer, "allow" | "claim"> {
  private readonly opened = new Map<pulumi.Input<string>, Set<number>>();
  private readonly priorities = new Map<number, string>();

  constructor(
    private readonly name: string,
    private readonly securityGroupId: pulumi.Input<string>,
    private readonly options: pulumi.CustomResourceOptions,
    /** Rules had no port in their name once. */
    private readonly aliased = false,
  ) {}

  allow(port: number, securityGroupId: pulumi.Input<string>): void {
    const ports = this.opened.get(securityGroupId) ?? new Set<number>();
    if (ports.has(port)) return;
    const first = this.opened.size === 0;
    this.opened.set(securityGroupId, ports.add(port));
    const { name, options } = this;
    const group = this.securityGroupId;
    const flow = { ipProtocol: "tcp", fromPort: port, toPort: port };
    // The port is in the name: when it changes, the old rule goes after the new tasks have come, not before.
    const named = (rule: string) => ({
      ...options,
      ...(first && this.aliased ? { aliases: [{ name: `${name}-${rule}` }] } : {}),
    });
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-out-${port}`,
      { securityGroupId: group, description: "The application", referencedSecurityGroupId: securityGroupId, ...flow },
      named("out"),
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-application-${port}`,
      {
        securityGroupId,
        description: "Requests from the load balancer",
        referencedSecurityGroupId: group,
        ...flow,
      },
      named("application"),
    );
  }

  claim(priority: number, service: string): void {
    if (!Number.isInteger(priority) || priority < 0 || priority > 89) {
      throw new Error(`${service}: ingress.priority ${priority}: expected a whole number from 0 to 89`);
    }
    const other = this.priorities.get(priority);
    if (other !== undefined) {
      throw new Error(
        `${service}: ingress.priority ${priority} is ${other}'s on load balancer ${this.name}: give each service its own`,
      );
    }
    this.priorities.set(priority, service);
  }
}
