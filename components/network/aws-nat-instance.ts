import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsArn, awsRegion } from "../shared/aws-region";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../shared/transform";

export interface AwsNatInstanceArgs {
  /** VPC of the subnet. @example network.vpcId */
  readonly vpcId: pulumi.Input<string>;
  /** A public subnet, whose route leads to an internet gateway. @example network.publicSubnetIds[0] */
  readonly subnetId: pulumi.Input<string>;
  /**
   * IPv4 ranges of the subnets whose traffic it passes on; nobody else reaches it. Not a group: AWS documents ranges for what is
   * routed through an instance. @example ["10.20.64.0/20"]
   */
  readonly clientCidrs: readonly string[];
  /** TCP ports that it passes on, beside 443, which its own updates need. @default [443] @example [443, 587] */
  readonly outboundPorts?: readonly number[];
  /** Region of the VPC. @default the provider's, `aws:region` @example "eu-central-1" */
  readonly region?: string;
  /** A size of Graviton. Not a setting: what needs more is for a NAT gateway. @default "t4g.nano", 5 Gbit/s in bursts and 32 Mbit/s for hours @example "t4g.small" */
  readonly instanceType?: string;
  /** Changes to the children, before they are created. @default none @example { instance: { instanceType: "t4g.micro" } } */
  readonly transform?: ChildTransforms & { readonly instance?: Transform<aws.ec2.InstanceArgs> };
}

/**
 * Amazon's own image by its public parameter, so that no third party is trusted with the site's traffic:
 * https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-aws-cli
 */
const image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#create-nat-ami */
const userData = `#!/bin/bash
set -u
# Its address comes a moment after its start.
until dnf install -y iptables-services dnf-automatic; do sleep 5; done
echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-nat.conf
sysctl --system
interface=$(ip -o -4 route show to default | awk '{print $5; exit}')
iptables -t nat -A POSTROUTING -o "$interface" -j MASQUERADE
iptables -F FORWARD
service iptables save
systemctl enable --now iptables
# Kernel and packages of the release of Amazon Linux that it was made with.
sed -i 's/^apply_updates = .*/apply_updates = yes/' /etc/dnf/automatic.conf
systemctl enable --now dnf-automatic.timer
`;

/**
 * A small instance in place of a NAT gateway: about $8 a month instead of $41, and nothing by the GiB.
 *
 * The trade: one machine in one zone. A fault of the hardware is recovered by EC2 and a hung system restarted by an alarm, each
 * within minutes, in which the application reaches neither the internet nor AWS's own services; what visitors are served goes on,
 * and no new task starts. Bandwidth is that of the instance. Its system updates itself, and nobody signs in: it has neither key nor role.
 *
 * @example
 * new AwsNatInstance("nat", { vpcId, subnetId, clientCidrs: ["10.20.64.0/20", "10.20.80.0/20"] });
 */
export class AwsNatInstance extends pulumi.ComponentResource {
  /** Where the routes of private subnets lead. */
  readonly networkInterfaceId: pulumi.Output<string>;
  /** Address from which the application's calls come. */
  readonly publicIp: pulumi.Output<string>;
  readonly nodes: { readonly instance: aws.ec2.Instance; readonly securityGroup: aws.ec2.SecurityGroup };

  constructor(name: string, args: AwsNatInstanceArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AwsNatInstance", name, {}, transforming(options, args.transform));
    const child = { parent: this };
    const region = awsRegion(name, args.region);

    const securityGroup = createSecurityGroup();
    const instance = createInstance();
    const address = new aws.ec2.Eip(name, { domain: "vpc", instance: instance.id, tags: named(name) }, child);
    recover("recover", "StatusCheckFailed_System", 2);
    recover("reboot", "StatusCheckFailed_Instance", 3);

    this.networkInterfaceId = instance.primaryNetworkInterfaceId;
    this.publicIp = address.publicIp;
    this.nodes = { instance, securityGroup };
    this.registerOutputs({ networkInterfaceId: this.networkInterfaceId, publicIp: this.publicIp });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      const group = new aws.ec2.SecurityGroup(
        name,
        { vpcId: args.vpcId, description: "NAT instance: in from the application, out to the internet" },
        child,
      );
      for (const port of new Set([443, ...(args.outboundPorts ?? [])])) {
        const flow = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port };
        args.clientCidrs.forEach((cidrIpv4, index) => {
          new aws.vpc.SecurityGroupIngressRule(
            `${name}-in-${port}-${index + 1}`,
            { ...flow, description: "From the application", cidrIpv4 },
            child,
          );
        });
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-out-${port}`,
          { ...flow, description: "To the internet", cidrIpv4: "0.0.0.0/0" },
          child,
        );
      }
      return group;
    }

    function createInstance(): aws.ec2.Instance {
      return new aws.ec2.Instance(
        ...childOf<aws.ec2.InstanceArgs>(
          name,
          {
            ami: aws.ssm.getParameterOutput({ name: image }, child).value,
            instanceType: args.instanceType ?? "t4g.nano",
            subnetId: args.subnetId,
            vpcSecurityGroupIds: [securityGroup.id],
            // Its address is the elastic one.
            associatePublicIpAddress: false,
            // What passes it is neither from it nor for it.
            sourceDestCheck: false,
            metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
            rootBlockDevice: { volumeType: "gp3", volumeSize: 8, encrypted: true },
            // Credits that run out slow it down; they never cost more.
            creditSpecification: { cpuCredits: "standard" },
            maintenanceOptions: { autoRecovery: "default" },
            userData,
            userDataReplaceOnChange: true,
            tags: named(name),
          },
          // A new image of Amazon's would replace it in any deployment.
          pulumi.mergeOptions(child, { ignoreChanges: ["ami"] }),
          args.transform?.instance,
        ),
      );
    }

    /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/UsingAlarmActions.html */
    function recover(action: "recover" | "reboot", metricName: string, evaluationPeriods: number): void {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${action}`,
        {
          alarmDescription: `${name}: EC2 ${action === "recover" ? "moves it to other hardware" : "restarts it"}`,
          namespace: "AWS/EC2",
          metricName,
          dimensions: { InstanceId: instance.id },
          statistic: "Maximum",
          period: 60,
          evaluationPeriods,
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          alarmActions: [awsArn(`automate:${region}:ec2:${action}`, region)],
        },
        child,
      );
    }
  }
}

function named(name: string): { Name: string } {
  return { Name: `${pulumi.getProject()}-${pulumi.getStack()}-${name}` };
}
