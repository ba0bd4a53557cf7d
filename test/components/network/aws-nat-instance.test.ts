import { deepEqual, equal, match } from "node:assert/strict";
import { AwsVpc } from "../../../components/network/aws-vpc";
import { all, only, record } from "../../record";
import { orphans, output } from "../aws-fixtures";

const plan = () =>
  record(
    () =>
      void new AwsVpc("network", {
        region: "eu-central-1",
        cidr: "10.20.0.0/16",
        zones: 2,
        nat: "instance",
        outboundPorts: [443, 587],
      }),
    { config: { "aws:region": "eu-central-1" } },
  );

describe("AwsNatInstance", () => {
  it("is where the routes of all private subnets lead, and the public ones' do not", async () => {
    const found = await plan();
    const instance = only(found, "aws:ec2/instance:Instance");
    const routes = all(found, "aws:ec2/route:Route").map(({ name, inputs }) => [name, inputs["networkInterfaceId"]]);
    deepEqual(routes, [
      ["network-public", undefined],
      ["network-private-1", output(instance, "primaryNetworkInterfaceId")],
      ["network-private-2", output(instance, "primaryNetworkInterfaceId")],
    ]);
    deepEqual(all(found, "aws:ec2/natGateway:NatGateway"), []);
    deepEqual(orphans(found), []);
  });

  it("passes on what is not its own, has an address that stays, and nobody who signs in", async () => {
    const found = await plan();
    const instance = only(found, "aws:ec2/instance:Instance");
    const { inputs, options } = instance;
    equal(inputs["sourceDestCheck"], false);
    equal(inputs["associatePublicIpAddress"], false);
    deepEqual(inputs["metadataOptions"], {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    deepEqual(inputs["rootBlockDevice"], { volumeType: "gp3", volumeSize: 8, encrypted: true });
    deepEqual([inputs["keyName"], inputs["iamInstanceProfile"]], [undefined, undefined]);
    deepEqual(inputs["creditSpecification"], { cpuCredits: "standard" });
    deepEqual(options.ignoreChanges, ["ami"]);
    deepEqual(only(found, "aws:ec2/eip:Eip").inputs["instance"], output(instance, "id"));
    match(inputs["userData"] as string, /net\.ipv4\.ip_forward=1[^]*-j MASQUERADE/);
  });

  it("lets in the private subnets alone, and out on the ports asked for", async () => {
    const found = await plan();
    const group = only(found, "aws:ec2/securityGroup:SecurityGroup", "network-nat");
    const rules = (type: string) =>
      all(found, type)
        .filter(({ inputs }) => JSON.stringify(inputs["securityGroupId"]) === JSON.stringify(output(group, "id")))
        .map(
          ({ inputs }) =>
            `${inputs["fromPort"] as number}-${inputs["toPort"] as number} ${inputs["cidrIpv4"] as string}`,
        );
    deepEqual(rules("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), [
      "443-443 10.20.64.0/20",
      "443-443 10.20.80.0/20",
      "587-587 10.20.64.0/20",
      "587-587 10.20.80.0/20",
    ]);
    deepEqual(rules("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), [
      "443-443 0.0.0.0/0",
      "587-587 0.0.0.0/0",
    ]);
  });

  it("is recovered by EC2 when its hardware fails, and restarted when it hangs", async () => {
    const alarms = all(await plan(), "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => [
      inputs["metricName"],
      inputs["alarmActions"],
    ]);
    deepEqual(alarms, [
      ["StatusCheckFailed_System", ["arn:aws:automate:eu-central-1:ec2:recover"]],
      ["StatusCheckFailed_Instance", ["arn:aws:automate:eu-central-1:ec2:reboot"]],
    ]);
  });
});
