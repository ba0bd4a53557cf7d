import { deepEqual, match } from "node:assert/strict";
import { consequencesOf } from "../../../../tools/judge/refusals/changes";
import type { PlanResource } from "../../../../tools/plan/plan";
import { difference } from "../../../../tools/sources/difference/difference";
import { plan, resource } from "../../plans";

/** Near to a row, and another answer, or none: what a row must not say. */
type Inputs = PlanResource["inputs"];

const said = (before: readonly PlanResource[], after: readonly PlanResource[]) =>
  consequencesOf(difference(plan(...before), plan(...after))).map(({ id }) => id);
const change = (type: string, before: Inputs, after: Inputs, options = {}) =>
  said([resource(type, "it", before, { options })], [resource(type, "it", after, { options })]);

describe("records of DNS", () => {
  const record = (name: string, inputs: Inputs = {}) =>
    resource("aws:route53/record:Record", name, { name: "a.example.com", type: "A", ...inputs });

  it("that go lead visitors nowhere: addresses alone, and none that has a successor", () => {
    for (const type of ["A", "AAAA", "CNAME"]) deepEqual(said([record("x", { type })], []), ["dns-record-goes"]);
    for (const type of ["TXT", "MX", "CAA"]) deepEqual(said([record("x", { type })], []), []);
    deepEqual(said([record("x", { name: "_acme.example.com", type: "CNAME" })], []), []);
    deepEqual(said([record("x", { name: { $unknown: ["urn#name"] } })], []), []);
    deepEqual(said([record("x"), record("kept")], [record("kept")]), []);
    const others: readonly Inputs[] = [{ type: "AAAA" }, { name: "b.example.com" }];
    for (const other of others)
      deepEqual(said([record("x"), record("kept", other)], [record("kept", other)]), ["dns-record-goes"]);
    deepEqual(said([record("x"), record("y")], []), ["dns-record-goes", "dns-record-goes"]);
    const elsewhere = resource("acme:index:Record", "kept", { name: "a.example.com", type: "A" });
    deepEqual(said([record("x"), elsewhere], [elsewhere]), ["dns-record-goes"]);
  });

  it("that come are in the way of one of their name and type that goes, unless they may overwrite it", () => {
    deepEqual(said([record("old")], [record("new")]), ["dns-record-exists"]);
    deepEqual(said([record("old")], [record("new", { allowOverwrite: true })]), []);
    deepEqual(said([], [record("new")]), []);
    deepEqual(said([record("old", { type: "AAAA" })], [record("new")]), ["dns-record-goes"]);
    deepEqual(said([record("old", { name: "b.example.com" })], [record("new")]), ["dns-record-goes"]);
    deepEqual(said([record("old", { type: "TXT" })], [record("new", { type: "TXT" })]), []);
    deepEqual(said([record("kept"), record("x", { type: "TXT" })], [record("kept"), record("new")]), []);
    const [found] = consequencesOf(difference(plan(record("old")), plan(record("new"))));
    match(found!.message, /^A record of a\.example\.com is there until the end of the update: `InvalidChangeBatch`/);
  });
});

describe("what is protected", () => {
  const balancer = "aws:lb/loadBalancer:LoadBalancer";
  const gone = (type: string, inputs: Inputs, options = {}) => said([resource(type, "it", inputs, { options })], []);

  it("by the target is refused by it; by Pulumi, by the engine, which says what it would have done", () => {
    deepEqual(gone(balancer, { enableDeletionProtection: true }), ["alb-deletion-protection"]);
    deepEqual(gone(balancer, {}), []);
    deepEqual(gone(balancer, { enableDeletionProtection: true }, { protect: true }), ["protected-goes"]);
    const sentence = (before: PlanResource[], after: PlanResource[]) =>
      consequencesOf(difference(plan(...before), plan(...after)))[0]!.message;
    const kept = (subnetMapping: string) =>
      resource("aws:rds/instance:Instance", "it", { kmsKeyId: subnetMapping }, { options: { protect: true } });
    match(sentence([kept("a")], []), /^`it` is protected: the engine refuses to delete it, half-way/);
    match(sentence([kept("a")], [kept("b")]), /^`it` is protected: the engine refuses to replace it, half-way/);
  });

  it("is a repository with images and a secret's name, unless they may be deleted at once", () => {
    const repository = "aws:ecr/repository:Repository";
    deepEqual(gone(repository, {}), ["repository-not-empty"]);
    deepEqual(gone(repository, { forceDelete: true }), []);
    const secret = (inputs: Inputs, kmsKeyId: string) => ({
      ...resource("aws:secretsmanager/secret:Secret", "it", { ...inputs, kmsKeyId }),
    });
    const exchanged = (inputs: Inputs) => {
      const changed = difference(plan(secret(inputs, "a")), plan(secret(inputs, "b")));
      const replaced = changed.resources.map((each) => ({ ...each, operation: "replace" as const, changes: [] }));
      return consequencesOf({ ...changed, resources: replaced }).map(({ id }) => id);
    };
    deepEqual(exchanged({ name: "shop" }), ["secret-name-taken"]);
    deepEqual(exchanged({ name: "shop", recoveryWindowInDays: 0 }), []);
    deepEqual(exchanged({ namePrefix: "shop" }), []);
  });
});

describe("a change that is near to a row", () => {
  const database = "aws:rds/instance:Instance";
  const service = "aws:ecs/service:Service";
  const distribution = "aws:cloudfront/distribution:Distribution";
  const firewall = "aws:wafv2/webAcl:WebAcl";
  const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

  for (const [what, type, before, after] of [
    ["backups from some days to more", database, { backupRetentionPeriod: 7 }, { backupRetentionPeriod: 14 }],
    ["fewer tasks, and not none", service, { desiredCount: 3 }, { desiredCount: 1 }],
    ["an alias that comes", distribution, { aliases: ["a"] }, { aliases: ["a", "b"] }],
    [
      "a rule of the firewall that goes",
      firewall,
      { rules: [{ name: "a" }, { name: "b" }] },
      { rules: [{ name: "a" }] },
    ],
    ["a newer cache", cache, { engineVersion: "7.2" }, { engineVersion: "8.0" }],
    ["a cache of the same version", cache, { engineVersion: "8" }, { engineVersion: "8.0" }],
    ["a subnet that comes", "aws:lb/loadBalancer:LoadBalancer", { subnets: ["a"] }, { subnets: ["a", "b"] }],
    [
      "versioning that is suspended",
      "aws:s3/bucketVersioning:BucketVersioning",
      { versioningConfiguration: { status: "Enabled" } },
      { versioningConfiguration: { status: "Suspended" } },
    ],
    [
      "the same image of PostgreSQL elsewhere",
      "docker:index/container:Container",
      { image: "postgres:17" },
      { image: "ghcr.io/acme/postgres:17.2" },
    ],
    ["an image of another kind", "docker:index/container:Container", { image: "valkey:8" }, { image: "valkey:9" }],
    [
      "a volume that comes",
      "docker:index/container:Container",
      { volumes: [] },
      { volumes: [{ volumeName: "a", containerPath: "/a" }] },
    ],
  ] satisfies [string, string, Inputs, Inputs][])
    it(`says nothing: ${what}`, () => deepEqual(change(type, before, after), []));

  it("says how long a database is away, with a standby and without", () => {
    const message = (multiAz: boolean) =>
      consequencesOf(
        difference(
          plan(resource(database, "it", { instanceClass: "db.t4g.small", multiAz })),
          plan(resource(database, "it", { instanceClass: "db.t4g.medium", multiAz })),
        ),
      )[0]!.message;
    match(message(true), /about 1 to 2 minutes, while the standby takes over,/);
    match(message(false), /about 5 to 10 minutes,/);
  });

  it("says that snapshots go: all of them, or the older ones", () => {
    const message = (snapshotRetentionLimit: number) =>
      consequencesOf(
        difference(
          plan(resource(cache, "it", { snapshotRetentionLimit: 7 })),
          plan(resource(cache, "it", { snapshotRetentionLimit })),
        ),
      )[0]!.message;
    deepEqual(
      [message(0), message(3)],
      ["All automatic snapshots of the cache are deleted.", "Snapshots older than 3 days are deleted."],
    );
  });
});
