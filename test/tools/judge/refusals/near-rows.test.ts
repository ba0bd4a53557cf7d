import { deepEqual } from "node:assert/strict";
import { consequencesOf } from "../../../../tools/judge/refusals/changes";
import type { PlanResource, PlanValue } from "../../../../tools/plan/plan";
import { difference } from "../../../../tools/sources/difference/difference";
import { plan, resource } from "../../plans";

/** Beside what a row says: one side that is absent or not known, the last value that it takes, another resource that has a say. */
type Inputs = PlanResource["inputs"];
type Case = readonly [what: string, type: string, before: Inputs, after: Inputs, said: readonly string[]];

const unknown: PlanValue = { $unknown: ["urn#value"] };
const said = (before: readonly PlanResource[], after: readonly PlanResource[]) =>
  consequencesOf(difference(plan(...before), plan(...after))).map(({ id }) => id);
const specify = (cases: readonly Case[]) => {
  for (const [what, type, before, after, ids] of cases)
    it(what, () => deepEqual(said([resource(type, "it", before)], [resource(type, "it", after)]), ids));
};

const instance = "aws:rds/instance:Instance";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const subnets = "aws:rds/subnetGroup:SubnetGroup";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const service = "aws:ecs/service:Service";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const distribution = "aws:cloudfront/distribution:Distribution";
const firewall = "aws:wafv2/webAcl:WebAcl";
const table = "aws:dynamodb/table:Table";
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const key = "aws:kms/key:Key";
const pgCluster = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const claim = "kubernetes:core/v1:PersistentVolumeClaim";
const set = "kubernetes:apps/v1:StatefulSet";
const image = "docker:index/remoteImage:RemoteImage";
const container = "docker:index/container:Container";

describe("a move to another VPC, zone or engine", () => {
  const required = { transitEncryptionEnabled: true, transitEncryptionMode: "required" };
  specify([
    ["into a VPC that the plan makes", securityGroup, { vpcId: "vpc-1" }, { vpcId: unknown }, []],
    ["out of a VPC that the plan has made", securityGroup, { vpcId: unknown }, { vpcId: "vpc-2" }, []],
    ["out of the default VPC", securityGroup, {}, { vpcId: "vpc-2" }, []],
    ["subnets that are new", subnets, { subnetIds: ["a", "b"] }, { subnetIds: [unknown, unknown] }, []],
    ["subnets that were not known", subnets, { subnetIds: [unknown, unknown] }, { subnetIds: ["a", "b"] }, []],
    ["one subnet more, none less", subnets, { subnetIds: ["a", "b"] }, { subnetIds: ["a", "b", "c"] }, []],
    ["no subnets yet", subnets, {}, { subnetIds: ["a", "b"] }, []],
    [
      "all of eleven subnets",
      subnets,
      { subnetIds: Array.from({ length: 11 }, (_, index) => `a${index}`) },
      { subnetIds: Array.from({ length: 11 }, (_, index) => `b${index}`) },
      ["subnet-group-exchanged"],
    ],
    ["ten of eleven subnets", subnets, { subnetIds: list("a", 11) }, { subnetIds: [...list("b", 10), "a10"] }, []],
    ["a Redis of another name", cache, { engine: "redis" }, { engine: "Redis" }, []],
    ["TLS off that was required", cache, required, { transitEncryptionEnabled: false }, ["elasticache-tls-off"]],
    ["TLS off that is not known", cache, { transitEncryptionEnabled: true }, { transitEncryptionEnabled: unknown }, []],
    ["TLS on", cache, { transitEncryptionEnabled: false }, { transitEncryptionEnabled: true }, []],
    ["TLS left out", cache, { transitEncryptionEnabled: true }, {}, ["elasticache-tls-off"]],
    [
      "TLS off, and another property that is preferred",
      cache,
      { transitEncryptionEnabled: true, ipDiscovery: "preferred" },
      { transitEncryptionEnabled: false },
      ["elasticache-tls-off"],
    ],
    ["the first IOPS", instance, {}, { iops: 12_000 }, []],
    ["no more IOPS", instance, { iops: 12_000 }, {}, []],
    ["IOPS that are not known", instance, { iops: 12_000 }, { iops: unknown }, []],
  ]);

  it("says whether IOPS are fewer or more", () => {
    const message = (iops: number) =>
      consequencesOf(
        difference(plan(resource(instance, "it", { iops: 12_000 })), plan(resource(instance, "it", { iops }))),
      )[0]!.message.split(" ")[0];
    deepEqual([message(12_001), message(11_999)], ["More", "Fewer"]);
  });
});

describe("a way out that goes", () => {
  const gateway = (name: string) => resource("aws:ec2/natGateway:NatGateway", name);
  const host = (name: string, inputs: Inputs = {}) => resource("aws:ec2/instance:Instance", name, inputs);
  const passing = { sourceDestCheck: false };

  it("beside one that stays moves the connections; the last one ends them", () => {
    deepEqual(said([gateway("a"), gateway("b")], [gateway("b")]), ["nat-goes"]);
    deepEqual(said([gateway("a"), host("b", passing)], [host("b", passing)]), ["nat-goes"]);
    deepEqual(said([gateway("a"), host("b")], [host("b")]), ["nat-gone"]);
    deepEqual(said([gateway("a"), gateway("b")], []), ["nat-gone", "nat-gone"]);
    deepEqual(said([gateway("a")], [host("b", passing)]), ["nat-goes"]);
    const other = resource("acme:index:Router", "b", passing);
    deepEqual(said([gateway("a"), other], [other]), ["nat-gone"]);
  });
});

describe("storage, near to its rows", () => {
  const expiring = (days: unknown): Inputs => ({ rules: [{ id: "all", expiration: { days } }] }) as Inputs;
  specify([
    [
      "a time to live that was on",
      table,
      { ttl: { enabled: true, attributeName: "a" } },
      { ttl: { enabled: true, attributeName: "b" } },
      [],
    ],
    ["a time to live that stays off", table, {}, { ttl: { enabled: false, attributeName: "a" } }, []],
    ["a longer expiry", lifecycle, expiring(7), expiring(30), []],
    ["an expiry that goes", lifecycle, expiring(7), { rules: [] }, []],
    ["a key that is enabled", key, { isEnabled: false }, { isEnabled: true }, []],
    ["a key that says nothing more", key, { isEnabled: true }, {}, []],
  ]);

  it("a lifecycle that comes deletes what is in a bucket, and nothing of a bucket that comes along", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "files");
    const on = (value: PlanValue, rules: PlanValue = [{ expiration: { days: 1 } }]) =>
      resource(lifecycle, "expiry", { bucket: value, rules });
    const ofBucket: PlanValue = { $unknown: [`${bucket.urn}#bucket`] };
    deepEqual(said([], [bucket, on(ofBucket)]), []);
    deepEqual(said([], [resource("aws:s3/bucket:Bucket", "other"), bucket, on(ofBucket)]), []);
    deepEqual(said([bucket], [bucket, on(ofBucket)]), ["s3-expiry-comes"]);
    deepEqual(said([], [bucket, on("files-1")]), ["s3-expiry-comes"]);
    deepEqual(said([], [bucket, on({ $unknown: [`${bucket.urn}-too#bucket`] })]), ["s3-expiry-comes"]);
    deepEqual(said([], [resource(lifecycle, "expiry", { bucket: "files-1" })]), []);
  });

  it("says each number of days", () => {
    const rules: PlanValue = [{ expiration: { days: 1 } }, { noncurrentVersionExpiration: { noncurrentDays: 7 } }];
    const [found] = consequencesOf(difference(plan(), plan(resource(lifecycle, "expiry", { bucket: "a", rules }))));
    deepEqual(found!.message, "Objects older than 1 or 7 days are deleted, those that exist among them.");
  });
});

describe("the site, near to its rows", () => {
  const strategy = (name?: string): Inputs =>
    name === undefined ? {} : { deploymentConfiguration: { strategy: name } };
  specify([
    ["from what ECS does by itself", service, strategy(), strategy("CANARY"), ["ecs-strategy-change"]],
    ["to what ECS does by itself", service, strategy("CANARY"), strategy(), ["ecs-back-to-rolling"]],
    ["the same, said", service, strategy(), strategy("ROLLING"), ["ecs-strategy-change"]],
    ["from one shift to another", service, strategy("LINEAR"), strategy("CANARY"), ["ecs-strategy-change"]],
    ["other subnets", balancer, { subnets: ["a"] }, { subnets: ["b"] }, []],
    [
      "protection beside a new name",
      balancer,
      { name: "a", enableDeletionProtection: true },
      { name: "b", enableDeletionProtection: true },
      ["alb-deletion-protection"],
    ],
    [
      "an action of a rule",
      firewall,
      { rules: [{ name: "a" }] },
      { rules: [{ name: "a", action: { block: {} } }] },
      [],
    ],
    ["an alias that is not known", distribution, { aliases: [unknown] }, { aliases: ["a"] }, []],
  ]);

  it("says from which strategy to which", () => {
    const message = (before: Inputs, after: Inputs) =>
      consequencesOf(difference(plan(resource(service, "it", before)), plan(resource(service, "it", after))))[0]!
        .message;
    deepEqual(message(strategy(), strategy("CANARY")).split(":")[0], "The strategy changes from ROLLING to CANARY");
  });
});

describe("databases, near to their rows", () => {
  specify([
    ["versions of which one is none", instance, { engineVersion: "latest" }, { engineVersion: "17" }, []],
    ["a version that RDS chose until now", instance, {}, { engineVersion: "17" }, []],
    ["a version that is not known", instance, { engineVersion: "16" }, { engineVersion: unknown }, []],
    [
      "a major version back, allowed",
      instance,
      { engineVersion: "17", allowMajorVersionUpgrade: true },
      { engineVersion: "16", allowMajorVersionUpgrade: true },
      ["rds-engine-downgrade"],
    ],
    [
      "a patch where major versions are allowed",
      instance,
      { engineVersion: "17.4", allowMajorVersionUpgrade: true },
      { engineVersion: "17.5", allowMajorVersionUpgrade: true },
      ["rds-minor-upgrade-outage"],
    ],
    ["the first backups", instance, {}, { backupRetentionPeriod: 7 }, ["rds-backups-on"]],
    ["no backups, said", instance, {}, { backupRetentionPeriod: 0 }, ["rds-backups-off"]],
  ]);
});

describe("Kubernetes and Docker, near to their rows", () => {
  const of = (imageName?: PlanValue): Inputs => ({ spec: { ...(imageName !== undefined && { imageName }) } });
  const asked = (storage?: PlanValue): Inputs => ({
    spec: { resources: { requests: { ...(storage !== undefined && { storage }) } } },
  });
  const named = (name: PlanValue): Inputs => ({ name });
  const volumes = (...names: PlanValue[]): Inputs => ({
    volumes: names.map((volumeName) => ({ volumeName, containerPath: "/a" })),
  });
  specify([
    ["an image that is not known", pgCluster, of("pg:16"), of(unknown), []],
    ["an image that was not known", pgCluster, of(unknown), of("pg:17"), []],
    ["an image without a version", pgCluster, of("pg:16"), of("pg"), []],
    ["the first image that is said", pgCluster, of(), of("pg:17"), []],
    ["a claim in plain bytes", claim, asked("1Ki"), asked(1023), ["claim-shrinks"]],
    ["as many bytes in other words", claim, asked("1Ki"), asked(1024), ["claim-grows"]],
    ["a part of a unit", claim, asked("1.25Gi"), asked("1280Mi"), ["claim-grows"]],
    ["a part of a unit less", claim, asked("1.25Gi"), asked("1279Mi"), ["claim-shrinks"]],
    ["a size that is none", claim, asked("20Gi"), asked("10 Gi"), ["claim-grows"]],
    ["a size that is not known", claim, asked("20Gi"), asked(unknown), ["claim-grows"]],
    ["the first size that is said", claim, asked(), asked("20Gi"), []],
    [
      "claims and a name of the service",
      set,
      { spec: { serviceName: "a", volumeClaimTemplates: [{ metadata: { name: "data" } }] } },
      { spec: { serviceName: "b", volumeClaimTemplates: [{ metadata: { name: "datum" } }] } },
      ["statefulset-claims"],
    ],
    ["an image of PostgreSQL that is not known", image, named("postgres:17"), named(unknown), []],
    ["one that was not known", image, named(unknown), named("postgres:17"), []],
    ["one without a version", image, named("postgres:17"), named("postgres"), []],
    ["one of another name", image, named("postgres:17"), named("postgis:18"), []],
    ["a name that ends so", image, named("mypostgres:17"), named("mypostgres:18"), []],
    ["a volume among others that stays", container, volumes("a", "b"), volumes("b", "a"), []],
    ["a volume that is not known", container, volumes(unknown), volumes("a"), []],
  ]);
});

function list(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
