import { strict as assert } from "node:assert";
import { ipv6SubnetCidr, subnetCidr, tiers } from "../../../components/network/aws-subnets";
import { AwsVpc, type AwsVpcArgs } from "../../../components/network/aws-vpc";
import { once, orphans, output } from "../aws-fixtures";
import { all, only, record } from "../../record";

const vpc = once((args?: Partial<AwsVpcArgs>) =>
  record(
    () => void new AwsVpc("network", { region: "eu-central-1", cidr: "10.20.0.0/16", zones: 3, nat: "one", ...args }),
    { config: { "aws:region": "eu-central-1" } },
  ),
);

describe("AwsVpc", () => {
  describe("address plan", () => {
    it("cuts the range into blocks of one size", () => {
      assert.equal(subnetCidr("10.20.0.0/16", "public", 0), "10.20.0.0/20");
      assert.equal(subnetCidr("10.20.0.0/16", "private", 1), "10.20.80.0/20");
      assert.equal(subnetCidr("10.20.0.0/16", "isolated", 2), "10.20.160.0/20");
      assert.equal(subnetCidr("172.16.4.0/22", "isolated", 2), "172.16.6.128/26");
    });

    it("gives no two subnets an address in common", () => {
      for (const cidr of ["10.0.0.0/16", "192.168.252.0/22"]) {
        const cidrs = tiers.flatMap((tier) => [0, 1, 2, 3].map((zone) => subnetCidr(cidr, tier, zone)));
        assert.equal(new Set(cidrs).size, 12);
      }
    });

    it("leaves the first two zones where they are when a third is added", async () => {
      const cidrs = async (zones: number) =>
        new Map(
          all(await vpc({ zones }), "aws:ec2/subnet:Subnet").map(({ name, inputs }) => [name, inputs["cidrBlock"]]),
        );
      const [two, three] = [await cidrs(2), await cidrs(3)];
      for (const [name, cidr] of two) assert.equal(three.get(name), cidr);
    });

    it("gives each public subnet a /64 of the VPC's IPv6 range", () => {
      assert.equal(ipv6SubnetCidr("2a05:d014:1a2b:3c00::/56", 0), "2a05:d014:1a2b:3c00::/64");
      assert.equal(ipv6SubnetCidr("2a05:d014:1a2b:3c00::/56", 2), "2a05:d014:1a2b:3c02::/64");
      assert.equal(ipv6SubnetCidr("2a05:d014:0:100::/56", 1), "2a05:d014:0:101::/64");
      assert.equal(ipv6SubnetCidr("2a05:d014:1a2b::/56", 1), "2a05:d014:1a2b:1::/64");
    });

    it("refuses a range whose subnets are too small for a load balancer", () => {
      assert.throws(() => subnetCidr("10.0.0.0/24", "public", 0), /10\.0\.0\.0\/24: expected \/23 or larger/);
    });
  });

  it("gives no subnet public addresses, and keeps each in its zone", async () => {
    const plan = await vpc();
    const subnets = all(plan, "aws:ec2/subnet:Subnet");
    assert.equal(subnets.length, 9);
    for (const { inputs, options } of subnets) {
      assert.equal(inputs["mapPublicIpOnLaunch"], false);
      assert.deepEqual(options.ignoreChanges, ["availabilityZone"]);
    }
    assert.equal(only(plan, "aws:ec2/subnet:Subnet", "network-private-3").inputs["availabilityZone"], "eu-central-1c");
  });

  it("has IPv6 in the public subnets alone, with a route to the internet, where it is asked for", async () => {
    const without = await vpc();
    const route = "aws:ec2/route:Route";
    assert.ok(!("assignGeneratedIpv6CidrBlock" in only(without, "aws:ec2/vpc:Vpc").inputs));
    assert.ok(all(without, route).every(({ inputs }) => inputs["destinationIpv6CidrBlock"] === undefined));
    const plan = await vpc({ ipv6: true });
    assert.equal(only(plan, "aws:ec2/vpc:Vpc").inputs["assignGeneratedIpv6CidrBlock"], true);
    const routes = all(plan, route).filter(({ inputs }) => inputs["destinationIpv6CidrBlock"] !== undefined);
    assert.deepEqual(
      routes.map(({ name, inputs }) => [name, inputs["destinationIpv6CidrBlock"]]),
      [["network-public-ipv6", "::/0"]],
    );
    const ranges = all(plan, "aws:ec2/subnet:Subnet").flatMap(({ name, inputs }) =>
      inputs["ipv6CidrBlock"] === undefined ? [] : [name],
    );
    assert.deepEqual(ranges, ["network-public-1", "network-public-2", "network-public-3"]);
  });

  it("empties the default security group", async () => {
    const { inputs } = only(await vpc(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.deepEqual([inputs["ingress"], inputs["egress"]], [[], []]);
  });

  it("has no route from the isolated subnets to anywhere", async () => {
    const plan = await vpc();
    const isolated = output(only(plan, "aws:ec2/routeTable:RouteTable", "network-isolated"), "id");
    const routes = all(plan, "aws:ec2/route:Route").map(({ inputs }) => inputs["routeTableId"]);
    assert.equal(routes.length, 4);
    assert.ok(routes.every((table) => JSON.stringify(table) !== JSON.stringify(isolated)));
  });

  for (const [nat, gateways, endpoints] of [
    ["none", 0, 5],
    ["one", 1, 1],
    ["per-zone", 3, 1],
  ] as const) {
    it(`with NAT ${nat} has ${gateways} NAT gateways and ${endpoints} endpoints`, async () => {
      const plan = await vpc({ nat });
      assert.equal(all(plan, "aws:ec2/natGateway:NatGateway").length, gateways);
      assert.equal(all(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").length, endpoints);
    });
  }

  it("sends each zone through its own NAT gateway, or all through the one", async () => {
    for (const [nat, home] of [
      ["one", 1],
      ["per-zone", 3],
    ] as const) {
      const plan = await vpc({ nat });
      const route = only(plan, "aws:ec2/route:Route", "network-private-3");
      const gateway = only(plan, "aws:ec2/natGateway:NatGateway", `network-nat-${home}`);
      assert.deepEqual(route.inputs["natGatewayId"], output(gateway, "id"));
    }
  });

  it("lets the application out to HTTPS and to the VPC, and in from nobody", async () => {
    const plan = await vpc();
    const group = output(only(plan, "aws:ec2/securityGroup:SecurityGroup", "network-application"), "id");
    const rules = all(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(({ inputs }) => inputs);
    assert.deepEqual(
      rules.map(({ securityGroupId, cidrIpv4, fromPort, toPort }) => ({ securityGroupId, cidrIpv4, fromPort, toPort })),
      [
        { securityGroupId: group, cidrIpv4: "10.20.0.0/16", fromPort: 0, toPort: 65535 },
        { securityGroupId: group, cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 },
      ],
    );
    assert.deepEqual(all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
  });

  it("logs refused connections, and keeps the log as long as asked", async () => {
    const plan = await vpc({ logRetentionDays: 90 });
    assert.equal(only(plan, "aws:ec2/flowLog:FlowLog").inputs["trafficType"], "REJECT");
    const log = only(plan, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.deepEqual(log, { retentionInDays: 90 });
  });

  it("refuses arguments that exclude each other, naming both", async () => {
    await assert.rejects(vpc({ zones: 4 }), /zones 4: expected 2 or 3/);
    await assert.rejects(vpc({ zoneNames: ["a"] }), /zoneNames has 1 names, and zones is 3/);
    await assert.rejects(
      vpc({ nat: "none", endpoints: ["logs"] }),
      /nat none needs ecr\.api, ecr\.dkr, secretsmanager in endpoints/,
    );
  });

  it("is the parent of all it creates", async () => {
    assert.deepEqual(orphans(await vpc({ nat: "none" })), []);
  });
});
