import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mandatoryFailures } from "../../../policy/index";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { runStack } from "../../../stacks/targets";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import { refusalsOf } from "../../../tools/judge/refusals/states";
import type { Plan } from "../../../tools/plan/plan";
import { once, output } from "../../components/aws-fixtures";
import { all, only, record } from "../../record";
import { type Raw, stackFile } from "./stack-file";

const arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/main/50dc6c495c0c9188";
const network = {
  vpcId: "vpc-0a1b2c3d",
  publicSubnetIds: ["subnet-0a1b2c31", "subnet-0a1b2c32"],
  privateSubnetIds: ["subnet-0a1b2c33", "subnet-0a1b2c34"],
};
const existing: Raw = {
  network,
  cdn: { implementation: "none" },
  loadBalancer: { arn, priority: 20 },
  cluster: { arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/main" },
  database: { identifier: "shop-production", securityGroupId: "sg-0a1b2c3d" },
};
const shared: Raw = { shared: "acme/platform/prod", loadBalancer: { priority: 20 } };
const surroundings = { awsRegion: "eu-central-1", project: "shop" };

const stack = once((file?: Raw) =>
  record(() => runStack(resolveSettings("test", { ...stackFile, ...file }, surroundings)), {
    config: { "aws:region": "eu-central-1" },
  }),
);
function problems(file: Raw, folder?: string): string[] {
  try {
    resolveSettings("test", { ...stackFile, ...file }, { ...surroundings, folder });
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}
const types = (plan: Plan) => new Set(plan.resources.map(({ type }) => type));
const rules = (plan: Plan) =>
  all(plan, "aws:lb/listenerRule:ListenerRule").map(({ name, inputs }) => [name, inputs["priority"]]);

describe("what exists already on AWS", function () {
  this.timeout(60_000);

  it("is not created: neither VPC nor load balancer, cluster or database", async () => {
    const found = types(await stack(existing));
    for (const type of [
      "aws:ec2/vpc:Vpc",
      "aws:ec2/subnet:Subnet",
      "aws:ec2/natGateway:NatGateway",
      "aws:ec2/flowLog:FlowLog",
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:lb/listener:Listener",
      "aws:wafv2/webAcl:WebAcl",
      "aws:ecs/cluster:Cluster",
      "aws:rds/instance:Instance",
    ])
      ok(!found.has(type), type);
    ok(found.has("aws:ecs/service:Service"));
  });

  it("is where everything else goes", async () => {
    const plan = await stack(existing);
    const service = only(plan, "aws:ecs/service:Service");
    const configuration = service.inputs["networkConfiguration"] as Raw;
    deepEqual(configuration["subnets"], network.privateSubnetIds);
    const group = only(plan, "aws:ec2/securityGroup:SecurityGroup", "network-application");
    equal(group.inputs["vpcId"], network.vpcId);
    deepEqual(configuration["securityGroups"], [output(group, "id")]);
    deepEqual(rules(plan), [["web-all", 22]]);
    const rule = only(plan, "aws:lb/listenerRule:ListenerRule");
    deepEqual(rule.inputs["conditions"], [{ hostHeader: { values: ["shop.example.com"] } }]);
    equal(all(plan, "aws:lb/listenerCertificate:ListenerCertificate").length, 1);
    const letIn = only(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-clients");
    deepEqual(
      [letIn.inputs["securityGroupId"], letIn.inputs["fromPort"], letIn.inputs["referencedSecurityGroupId"]],
      ["sg-0a1b2c3d", 5432, output(group, "id")],
    );
    // Its owner hears of the load balancer.
    deepEqual(
      all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) => name.includes("ingress")),
      [],
    );
  });

  for (const [name, file] of Object.entries({
    existing,
    shared,
    "shared, canary": { ...shared, release: { strategy: "canary" } },
  }))
    it(`is nothing that AWS would refuse, and breaks no rule: ${name}`, async () => {
      const plan = await stack(file);
      deepEqual(refusalsOf(plan, {}, { today: new Date() }).findings, []);
      deepEqual(
        mandatoryFailures(evaluatePlan(plan, {}, { today: new Date() })).map(({ rule }) => rule),
        [],
      );
    });

  it("is refused in combinations that contradict each other, each with its reason", () => {
    const wrong = (file: Raw, ...patterns: RegExp[]) => {
      const found = problems(file);
      equal(found.length, patterns.length, found.join("\n"));
      patterns.forEach((pattern, index) => ok(pattern.test(found[index]!), found[index]));
    };
    wrong({ network: { vpcId: network.vpcId } }, /network\.privateSubnetIds is missing/);
    wrong(
      { network: { ...network, nat: "none", cidr: "10.9.0.0/16" } },
      /network\.cidr and slipway:network\.vpcId exclude each other/,
      /network\.nat and slipway:network\.vpcId exclude each other/,
    );
    wrong({ network: { publicSubnetIds: network.publicSubnetIds } }, /publicSubnetIds are those of network\.vpcId/);
    wrong(
      { network: { ...network, publicSubnetIds: undefined }, cdn: { implementation: "none" } },
      /publicSubnetIds is missing: without a CDN/,
    );
    wrong({ loadBalancer: { arn, priority: 20 } }, /loadBalancer\.arn is in a VPC that exists/);
    wrong({ network, loadBalancer: { arn } }, /loadBalancer\.priority is missing/);
    wrong({ loadBalancer: { priority: 20 } }, /priority is for a load balancer that others use too/);
    wrong({ ...shared, network }, /network\.vpcId and slipway:shared exclude each other/);
    wrong({ ...shared, loadBalancer: { priority: 5 } }, /priority expected 11 to 97/);
    wrong({ ...shared, network: { nat: "none" } }, /network\.nat and slipway:shared exclude each other/);
    wrong({ ...shared, shared: "acme/shop/test" }, /shared is this stack itself/);
    wrong({ database: { databaseName: "shop" } }, /databaseName is of an instance that exists/);
    wrong({ ...existing, firewall: { requestsPerAddress: 500 } }, /firewall stands at the load balancer/);
  });

  it("is given to no two stacks at one place among the rules", () => {
    const folder = mkdtempSync(join(tmpdir(), "stacks-"));
    try {
      const other = (priority: number, owner = "acme/platform/prod") =>
        writeFileSync(
          join(folder, "Pulumi.blog.yaml"),
          JSON.stringify({ config: { "slipway:shared": owner, "slipway:loadBalancer": { priority } } }),
        );
      other(22);
      ok(
        /20 to 22 are places that Pulumi\.blog\.yaml has, 22 to 24|to 22 are places that Pulumi\.blog\.yaml has/.test(
          problems(shared, folder).join(),
        ),
      );
      other(23);
      deepEqual(problems(shared, folder), []);
      other(20, "acme/platform/other");
      deepEqual(problems(shared, folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a VPC and a load balancer that several stacks share", function () {
  this.timeout(60_000);

  it("are told by their owner, and by no other", async () => {
    const owner = (await stack()).outputs["shared"] as Raw;
    deepEqual(Object.keys(owner).sort(), [
      "exposure",
      "isolatedSubnetIds",
      "loadBalancerArn",
      "privateSubnetIds",
      "publicSubnetIds",
      "vpcId",
      "vpcOriginId",
    ]);
    equal((await stack(shared)).outputs["shared"], undefined);
  });

  it("are used by reference: a network of its own is not there, a group, certificate, records and CDN of its own are", async () => {
    const plan = await stack(shared);
    const found = types(plan);
    for (const type of ["aws:ec2/vpc:Vpc", "aws:lb/loadBalancer:LoadBalancer", "aws:cloudfront/vpcOrigin:VpcOrigin"])
      ok(!found.has(type), type);
    for (const type of [
      "aws:cloudfront/distribution:Distribution",
      "aws:rds/instance:Instance",
      "aws:ecs/cluster:Cluster",
    ])
      ok(found.has(type), type);
    deepEqual(rules(plan), [["web-all", 22]]);
    const rule = only(plan, "aws:lb/listenerRule:ListenerRule");
    deepEqual(rule.inputs["conditions"], [{ hostHeader: { values: ["shop.example.com", "origin.shop.example.com"] } }]);
  });

  it("have places for releases side by side, before the owner's rule for every host", async () => {
    deepEqual(rules(await stack({ ...shared, release: { strategy: "canary" } })), [
      ["web-production", 22],
      ["web-test", 21],
    ]);
    deepEqual(rules(await stack({ release: { strategy: "canary" } })), [
      ["web-production", 100],
      ["web-test", 10],
    ]);
    throws(() => {
      const [found] = problems({ ...shared, loadBalancer: { priority: 98 } });
      throw new Error(found);
    }, /11 to 97/);
  });
});
