import { deepEqual } from "node:assert/strict";
import type { PlanResource } from "../../../tools/plan/plan";
import { renames } from "../../../tools/review/renames";
import { difference } from "../../../tools/sources/difference/difference";
import { component, plan, resource } from "../plans";

const bucket = "aws:s3/bucket:Bucket";
const instance = "aws:rds/instance:Instance";
const big = { instanceClass: "db.m6g.large", engine: "postgres", allocatedStorage: 50, multiAz: true };

function aliases(before: readonly PlanResource[], after: readonly PlanResource[]): string[] {
  return renames(difference(plan(...before), plan(...after))).map(({ alias }) => alias);
}

describe("what looks like a rename", () => {
  it("is a resource of the same type and inputs under another name", () => {
    deepEqual(aliases([resource(instance, "db", big)], [resource(instance, "database", big)]), [
      'aliases: [{ name: "db" }]',
    ]);
  });

  it("is not one that is another thing: half of its inputs differ", () => {
    const other = { ...big, instanceClass: "db.t4g.micro", multiAz: false };
    deepEqual(aliases([resource(instance, "db", big)], [resource(instance, "reports", other)]), []);
  });

  it("is not one of another type, nor one of two that are as like it", () => {
    deepEqual(aliases([resource(bucket, "a")], [resource(instance, "a", big)]), []);
    deepEqual(aliases([resource(bucket, "a")], [resource(bucket, "b"), resource(bucket, "c")]), []);
  });

  it("is named at the component, whose children follow it", () => {
    const site = (name: string) => {
      const parent = component("site", "Site", { name });
      return [
        parent,
        resource(bucket, `${name}-assets`, {}, { parent }),
        resource(instance, `${name}-db`, big, { parent }),
      ];
    };
    deepEqual(aliases(site("shop"), site("store")), ['aliases: [{ name: "shop" }]']);
  });

  it("is a resource that moves into a component: the alias names the former place in every stack", () => {
    const parent = component("site", "Site");
    deepEqual(aliases([resource(instance, "db", big)], [parent, resource(instance, "db", big, { parent })]), [
      "aliases: [`urn:pulumi:${pulumi.getStack()}::shop::aws:rds/instance:Instance::db`]",
    ]);
  });

  it("is said once for each, whatever the order", () => {
    const two = (a: string, b: string) => [resource(bucket, a, { acl: "a" }), resource(bucket, b, { acl: "b" })];
    deepEqual(aliases(two("one", "two"), two("eins", "zwei")), [
      'aliases: [{ name: "one" }]',
      'aliases: [{ name: "two" }]',
    ]);
  });
});
