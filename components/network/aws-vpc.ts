import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustOf } from "../shared/aws-policy-document";
import { awsEndpoint } from "../shared/aws-partition";
import { zonesWithoutFargate } from "../shared/aws-zones";
import {
  child as childOf,
  invokeOptions,
  type Transform,
  type ChildTransforms,
  transforming,
} from "../shared/transform";
import { createApplicationGroup } from "./aws-application-group";
import { AwsNatInstance } from "./aws-nat-instance";
import { ipv6SubnetCidr, subnetCidr, type Tier } from "./aws-subnets";
import type { AwsNetwork } from "./contract";

export interface AwsVpcArgs {
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /** Private IPv4 range from /16 to /23, for example `10.20.0.0/16`. It cannot be changed later. @example "10.20.0.0/16" */
  readonly cidr: string;
  /** Availability zones: 2 or 3. @example 2 */
  readonly zones: number;
  /**
   * Names of the zones, when they must be certain ones. Not a setting: {@link zoneIds} mean the same zones in every
   * account.
   *
   * @default the first that the account can use
   * @example ["eu-central-1a", "eu-central-1b"]
   */
  readonly zoneNames?: readonly pulumi.Input<string>[];
  /**
   * Ids of the zones instead, which are the same in every account: `use1-az1`.
   *
   * @default the first that the account can use
   * @example ["euc1-az1", "euc1-az2"]
   */
  readonly zoneIds?: readonly pulumi.Input<string>[];
  /**
   * The application's egress to the internet.
   * - `none`: AWS services alone, through {@link endpoints}; the image must then come from ECR. $0.
   * - `instance`: a small instance instead ({@link AwsNatInstance}); as `one`, and its bandwidth is its own. About $8 a month.
   * - `one`: one NAT gateway; when its zone fails, so do outgoing calls. About $33 a month and $0.045 a GiB.
   * - `per-zone`: as many as zones; each failure stays in its zone. About $33 a month and zone.
   *
   * @example "one"
   */
  readonly nat: "none" | "instance" | "one" | "per-zone";
  /**
   * AWS services reached privately, by the end of their endpoint's name. About $7.30 a month, zone and service.
   *
   * @default with NAT none, as traffic can leave through it; without NAT what a Fargate task cannot do without: `ecr.api`, `ecr.dkr`, `logs`, `secretsmanager`
   * @example ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
   */
  readonly endpoints?: readonly string[];
  /**
   * TCP ports that the application may reach on the internet. Add 587 for a mail server.
   *
   * @default 443
   * @example [443, 587]
   */
  readonly outboundPorts?: readonly number[];
  /**
   * IPv6 beside IPv4 in the public subnets, for a load balancer with addresses of both: a /56 of Amazon's. What runs in the private
   * and isolated subnets keeps IPv4 alone. Free.
   *
   * @default false
   * @example true
   */
  readonly ipv6?: boolean;
  /** Days that refused connections are kept in the flow log. @default 30 @example 90 */
  readonly logRetentionDays?: number;
  /** KMS key for the flow log. @default a key of AWS @example key.arn */
  readonly keyArn?: pulumi.Input<string>;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly applicationGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    readonly vpc?: Transform<aws.ec2.VpcArgs>;
    readonly flowLog?: Transform<aws.ec2.FlowLogArgs>;
  };
}

export interface AwsExistingVpcArgs {
  /** VPC of the subnets. @example "vpc-0a1b2c3d4e5f60718" */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets with a route from the internet, in two zones: for load balancers. @default none @example ["subnet-0aa1", "subnet-0bb2"] */
  readonly publicSubnetIds?: readonly pulumi.Input<string>[];
  /** Subnets with egress through NAT, in two zones: for tasks. @example ["subnet-0cc3", "subnet-0dd4"] */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** Subnets for database and cache, in two zones. @default {@link privateSubnetIds} @example ["subnet-0ee5", "subnet-0ff6"] */
  readonly isolatedSubnetIds?: readonly pulumi.Input<string>[];
  /**
   * Group of the application's tasks. It must let them out to the VPC and to {@link outboundPorts}.
   * @default one is created
   * @example "sg-0f1e2d3c4b5a69788"
   */
  readonly applicationSecurityGroupId?: pulumi.Input<string>;
  /** TCP ports that the created group may reach on the internet. @default [443] @example [443, 587] */
  readonly outboundPorts?: readonly number[];
}

const requiredWithoutNat = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"];

/**
 * A VPC in which nothing is open by default: public subnets for the load balancer, private ones for the application,
 * isolated ones, without any route out, for database and cache.
 *
 * Creates subnets in each zone, the NAT gateways asked for, a free gateway endpoint for S3 (assets and image layers would
 * otherwise pay for NAT), a flow log of refused connections, the application's security group, and empties the VPC's
 * default security group. About $33 a month with one NAT gateway (https://aws.amazon.com/vpc/pricing/).
 */
export class AwsVpc extends pulumi.ComponentResource implements AwsNetwork {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  readonly isolatedSubnetIds: readonly pulumi.Output<string>[];
  readonly applicationSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: AwsVpcArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AwsVpc", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const zones = normalizeZones();
    const endpoints = normalizeEndpoints();

    const vpc = createVpc();
    closeDefaultSecurityGroup();
    const subnets = {
      public: createSubnets("public"),
      private: createSubnets("private"),
      isolated: createSubnets("isolated"),
    };
    const gateway = new aws.ec2.InternetGateway(`${name}-internet`, { vpcId: vpc.id, tags: named(name) }, child);
    createPublicRoutes();
    const privateRoutes = createPrivateRoutes(createEgress());
    const isolatedRoutes = createRouteTable("isolated", subnets.isolated);
    createS3Endpoint();
    const application = createApplicationGroup(
      name,
      {
        vpcId: vpc.id,
        cidrs: [args.cidr],
        outboundPorts: args.outboundPorts,
        transform: args.transform?.applicationGroup,
      },
      child,
    );
    createEndpoints();
    createFlowLog();

    this.vpcId = vpc.id;
    this.publicSubnetIds = subnets.public.map((subnet) => subnet.id);
    this.privateSubnetIds = subnets.private.map((subnet) => subnet.id);
    this.isolatedSubnetIds = subnets.isolated.map((subnet) => subnet.id);
    this.applicationSecurityGroupId = application.id;
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      isolatedSubnetIds: this.isolatedSubnetIds,
      applicationSecurityGroupId: this.applicationSecurityGroupId,
    });

    function normalizeZones(): pulumi.Output<string>[] {
      const { zoneIds, zoneNames, zones: count } = args;
      if (zoneIds !== undefined && zoneNames !== undefined)
        throw new Error(`${name}: zoneIds and zoneNames exclude each other`);
      if (zoneIds !== undefined && zoneIds.length !== count) {
        throw new Error(`${name}: zoneIds has ${zoneIds.length} ids, and zones is ${count}`);
      }
      if (zoneIds !== undefined) return zoneIds.map((id) => pulumi.output(id));
      if (count < 2 || count > 3) throw new Error(`${name}: zones ${count}: expected 2 or 3`);
      if (zoneNames !== undefined && zoneNames.length !== count) {
        throw new Error(`${name}: zoneNames has ${zoneNames.length} names, and zones is ${count}`);
      }
      const found =
        zoneNames ??
        aws.getAvailabilityZonesOutput(
          // Leaves out local zones, which lack most services.
          {
            state: "available",
            filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
            excludeZoneIds: zonesWithoutFargate[args.region] as string[] | undefined,
          },
          child,
        ).names;
      return Array.from({ length: count }, (_, index) => pulumi.output(found)[index] as pulumi.Output<string>);
    }

    function normalizeEndpoints(): readonly string[] {
      const missing = requiredWithoutNat.filter((service) => !(args.endpoints ?? requiredWithoutNat).includes(service));
      if (args.nat === "none" && missing.length > 0) {
        throw new Error(
          `${name}: nat none needs ${missing.join(", ")} in endpoints: Fargate cannot start a task without`,
        );
      }
      return args.endpoints ?? (args.nat === "none" ? requiredWithoutNat : []);
    }

    function createVpc(): aws.ec2.Vpc {
      return new aws.ec2.Vpc(
        ...childOf<aws.ec2.VpcArgs>(
          name,
          {
            cidrBlock: args.cidr,
            ...(args.ipv6 === true && { assignGeneratedIpv6CidrBlock: true }),
            enableDnsSupport: true,
            enableDnsHostnames: true,
            tags: named(name),
          },
          child,
          args.transform?.vpc,
        ),
      );
    }

    function closeDefaultSecurityGroup(): void {
      // Every VPC has one, and it lets its members reach each other: whatever forgets to name a group ends up in it.
      new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, ingress: [], egress: [] }, child);
    }

    function createSubnets(tier: Tier): aws.ec2.Subnet[] {
      return zones.map((availabilityZone, index) => {
        const subnet = `${name}-${tier}-${index + 1}`;
        return new aws.ec2.Subnet(
          subnet,
          {
            vpcId: vpc.id,
            cidrBlock: subnetCidr(args.cidr, tier, index),
            ...(args.ipv6 === true &&
              tier === "public" && { ipv6CidrBlock: vpc.ipv6CidrBlock.apply((cidr) => ipv6SubnetCidr(cidr, index)) }),
            ...(args.zoneIds === undefined ? { availabilityZone } : { availabilityZoneId: availabilityZone }),
            mapPublicIpOnLaunch: false,
            tags: named(subnet),
          },
          // AWS may list its zones in another order one day; a subnet that lives must not move for that.
          pulumi.mergeOptions(child, {
            ignoreChanges: [args.zoneIds === undefined ? "availabilityZone" : "availabilityZoneId"],
          }),
        );
      });
    }

    function createRouteTable(suffix: string, members: readonly aws.ec2.Subnet[], from = 1): aws.ec2.RouteTable {
      const table = new aws.ec2.RouteTable(
        `${name}-${suffix}`,
        { vpcId: vpc.id, tags: named(`${name}-${suffix}`) },
        child,
      );
      members.forEach((subnet, index) => {
        new aws.ec2.RouteTableAssociation(
          members.length === 1 ? `${name}-${suffix}` : `${name}-${suffix}-${from + index}`,
          { routeTableId: table.id, subnetId: subnet.id },
          child,
        );
      });
      return table;
    }

    function createPublicRoutes(): void {
      const table = createRouteTable("public", subnets.public);
      new aws.ec2.Route(
        `${name}-public`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
        child,
      );
      if (args.ipv6 !== true) return;
      new aws.ec2.Route(
        `${name}-public-ipv6`,
        { routeTableId: table.id, destinationIpv6CidrBlock: "::/0", gatewayId: gateway.id },
        child,
      );
    }

    /** What the routes of the private subnets lead through: one for all, or one for each. */
    function createEgress(): Pick<aws.ec2.RouteArgs, "natGatewayId" | "networkInterfaceId">[] {
      if (args.nat !== "instance") return createNatGateways(args.nat).map(({ id }) => ({ natGatewayId: id }));
      const { outboundPorts, region } = args;
      const { networkInterfaceId } = new AwsNatInstance(
        `${name}-nat`,
        {
          ...{ vpcId: vpc.id, subnetId: subnets.public[0]!.id, outboundPorts, region },
          clientCidrs: zones.map((_, index) => subnetCidr(args.cidr, "private", index)),
        },
        pulumi.mergeOptions(child, { dependsOn: gateway }),
      );
      return [{ networkInterfaceId }];
    }

    function createNatGateways(nat: Exclude<AwsVpcArgs["nat"], "instance">): aws.ec2.NatGateway[] {
      const homes = { none: [], one: subnets.public.slice(0, 1), "per-zone": subnets.public }[nat];
      return homes.map((subnet, index) => {
        const nat = `${name}-nat-${index + 1}`;
        const address = new aws.ec2.Eip(nat, { domain: "vpc", tags: named(nat) }, child);
        return new aws.ec2.NatGateway(
          nat,
          { subnetId: subnet.id, allocationId: address.id, tags: named(nat) },
          pulumi.mergeOptions(child, { dependsOn: gateway }),
        );
      });
    }

    function createPrivateRoutes(egress: ReturnType<typeof createEgress>): aws.ec2.RouteTable[] {
      return subnets.private.map((subnet, index) => {
        const suffix = `private-${index + 1}`;
        const table = createRouteTable(suffix, [subnet]);
        const through = egress[index] ?? egress[0];
        if (through !== undefined) {
          new aws.ec2.Route(
            `${name}-${suffix}`,
            { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...through },
            child,
          );
        }
        return table;
      });
    }

    function createS3Endpoint(): void {
      new aws.ec2.VpcEndpoint(
        `${name}-s3`,
        {
          vpcId: vpc.id,
          vpcEndpointType: "Gateway",
          serviceName: `com.amazonaws.${args.region}.s3`,
          routeTableIds: [...privateRoutes, isolatedRoutes].map((table) => table.id),
        },
        child,
      );
    }

    function createEndpoints(): void {
      if (endpoints.length === 0) return;
      const group = new aws.ec2.SecurityGroup(
        `${name}-endpoints`,
        { vpcId: vpc.id, description: "Endpoints of AWS services: in from the application" },
        child,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-endpoints`,
        {
          securityGroupId: group.id,
          description: "HTTPS from the application",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          referencedSecurityGroupId: application.id,
        },
        child,
      );
      for (const service of endpoints) {
        new aws.ec2.VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId: vpc.id,
            vpcEndpointType: "Interface",
            serviceName: awsEndpoint(args.region, service),
            subnetIds: subnets.private.map((subnet) => subnet.id),
            securityGroupIds: [group.id],
            privateDnsEnabled: true,
          },
          child,
        );
      }
    }

    function createFlowLog(): void {
      const { accountId } = aws.getCallerIdentityOutput({}, child);
      const log = new aws.cloudwatch.LogGroup(
        `${name}-flow`,
        { retentionInDays: args.logRetentionDays ?? 30, kmsKeyId: args.keyArn },
        child,
      );
      const role = new aws.iam.Role(
        `${name}-flow`,
        { assumeRolePolicy: trustOf("vpc-flow-logs.amazonaws.com", accountId) },
        child,
      );
      const policy = new aws.iam.RolePolicy(
        `${name}-flow`,
        {
          role: role.id,
          policy: policyDocument([
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: pulumi.interpolate`${log.arn}:*`,
            },
            { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
          ]),
        },
        child,
      );
      new aws.ec2.FlowLog(
        ...childOf<aws.ec2.FlowLogArgs>(
          `${name}-flow`,
          { vpcId: vpc.id, trafficType: "REJECT", logDestination: log.arn, iamRoleArn: role.arn },
          pulumi.mergeOptions(child, { dependsOn: policy }),
          args.transform?.flowLog,
        ),
      );
    }
  }

  /** A VPC that exists. Creates nothing but the application's security group, where none is named. */
  static get(name: string, args: AwsExistingVpcArgs, options: pulumi.CustomResourceOptions = {}): AwsNetwork {
    const vpcId = pulumi.output(args.vpcId);
    const { isolatedSubnetIds = args.privateSubnetIds, publicSubnetIds = [] } = args;
    const ids = (subnets: readonly pulumi.Input<string>[]) => subnets.map((id) => pulumi.output(id));
    if (args.privateSubnetIds.length < 2) {
      throw new Error(`${name}: privateSubnetIds: expected at least two subnets, in two zones`);
    }
    return {
      vpcId,
      publicSubnetIds: ids(publicSubnetIds),
      privateSubnetIds: ids(args.privateSubnetIds),
      isolatedSubnetIds: ids(isolatedSubnetIds),
      applicationSecurityGroupId: pulumi.output(args.applicationSecurityGroupId ?? ownGroup().id),
    };

    function ownGroup(): aws.ec2.SecurityGroup {
      const { cidrBlock } = aws.ec2.getVpcOutput({ id: vpcId }, invokeOptions(options));
      const { outboundPorts } = args;
      return createApplicationGroup(name, { vpcId, cidrs: [cidrBlock], outboundPorts }, options);
    }
  }
}

function named(name: string): { Name: string } {
  return { Name: `${pulumi.getProject()}-${pulumi.getStack()}-${name}` };
}
