import { strict as assert } from "node:assert";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import * as aws from "../../components/aws";
import * as docker from "../../components/docker";
import * as kubernetes from "../../components/kubernetes";
import * as vercel from "../../components/vercel";
import type { Plan, PlanResource } from "../../tools/plan/plan";
import { all, record } from "../record";
import { everyComponent } from "./every";

interface Call {
  readonly slot: string;
  readonly args: unknown;
  readonly options: CustomResourceOptions;
  readonly name: string;
}

/** What every slot of a component was handed. */
async function walk(component: string): Promise<{ readonly plan: Plan; readonly calls: readonly Call[] }> {
  const calls: Call[] = [];
  const transform = new Proxy(
    {},
    {
      get: (_, slot: string) => (args: object, options: CustomResourceOptions, name: string) => {
        calls.push({ slot, args, options, name });
        return args;
      },
    },
  );
  const plan = await record(() => void everyComponent[component]!(transform as never), {
    config: { "aws:region": "eu-central-1" },
  });
  return { plan, calls };
}

/** All that a component creates, at any depth: what its name and type are above. */
function childrenOf(plan: Plan, component: string): PlanResource[] {
  const own = plan.resources.findLast(({ type }) => type.startsWith("slipway:") && type.endsWith(`:${component}`));
  assert.ok(own !== undefined || component === "DockerFiles", `${component} registers itself`);
  const root = own ?? plan.resources.find(({ type }) => type === "slipway:docker:Files")!;
  const inside = new Set([root.urn]);
  for (const { parent, urn } of plan.resources) if (parent !== undefined && inside.has(parent)) inside.add(urn);
  return plan.resources.filter(({ custom, type, urn }) => custom && inside.has(urn) && !type.startsWith("pulumi:"));
}

describe("transform", () => {
  it("is tried for every component of the library", () => {
    const exported = [aws, docker, kubernetes, vercel].flatMap((entry) =>
      Object.entries(entry as Record<string, unknown>)
        .filter(([name, value]) => typeof value === "function" && /^[A-Z]/.test(name))
        .map(([name]) => name),
    );
    const childless = ["ExternalPostgres"];
    assert.deepEqual([...new Set(exported)].sort(), [...Object.keys(everyComponent), ...childless].sort());
  });

  for (const component of Object.keys(everyComponent)) {
    it(`${component} hands each child over, with its options and its name`, async () => {
      const { calls, plan } = await walk(component);
      const children = childrenOf(plan, component);
      assert.ok(children.length > 0);

      const byType = calls.filter(({ slot }) => slot.includes(":") && !slot.startsWith("slipway:"));
      assert.deepEqual(
        byType.map(({ name, slot }) => `${slot} ${name}`).sort(),
        // Once each, whatever the depth.
        children.map(({ name, type }) => `${type} ${name}`).sort(),
      );
      for (const { args, name, options, slot } of calls.filter((call) => !call.slot.startsWith("slipway:"))) {
        assert.ok(options.parent !== undefined, `${slot}: options of ${name}`);
        assert.equal(typeof args, "object");
        assert.ok(
          children.some((child) => child.name === name),
          `${slot}: ${name} is a child`,
        );
      }
    });
  }

  it("changes arguments and options of a child by its type, at any depth", async () => {
    const plan = await record(
      () =>
        void new aws.AwsS3Storage("storage", {
          region: "eu-central-1",
          protect: false,
          transform: {
            "aws:s3/bucket:Bucket": (args, options) => {
              options.protect = true;
              return { ...args, tags: { team: "shop" } };
            },
            "aws:s3/bucketVersioning:BucketVersioning": { mfa: "serial 123456" },
          },
        }),
    );
    const [bucket] = all(plan, "aws:s3/bucket:Bucket");
    assert.deepEqual([bucket!.options?.protect, bucket!.inputs["tags"]], [true, { team: "shop" }]);
    assert.equal(all(plan, "aws:s3/bucketVersioning:BucketVersioning")[0]!.inputs["mfa"], "serial 123456");
  });

  it("leaves a component beside it as it is", async () => {
    const plan = await record(() => {
      new aws.AwsPrivateBucket("one", {
        versioned: true,
        protect: false,
        transform: { "aws:s3/bucket:Bucket": { bucket: "mine" } },
      });
      new aws.AwsPrivateBucket("two", { versioned: true, protect: false });
    });
    assert.deepEqual(
      Object.fromEntries(all(plan, "aws:s3/bucket:Bucket").map(({ name, inputs }) => [name, inputs["bucket"]])),
      { one: "mine", two: undefined },
    );
  });
});
