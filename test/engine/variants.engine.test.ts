import { strict as assert } from "node:assert";
import { join } from "node:path";
import { missing, needs } from "../project";
import { whatExists } from "../stacks/aws-ecs/stack-file";
import { Workspace } from "./workspace";

const common = {
  "aws:region": "eu-central-1",
  target: "aws-ecs",
  domain: "shop.example.com",
  image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};

const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  small: { ...common, preset: "small", database: { protect: false } },
  // With the cluster's servers, users of the cache, and what watches them.
  aurora: {
    ...common,
    database: { implementation: "aurora-serverless-v2", readReplicas: 1, proxy: true, protect: false },
    cache: { accessControl: "rbac" },
    preset: "staging",
  },
  "what exists": {
    ...common,
    ...whatExists,
    preset: "development",
    database: { ...whatExists.database, separateRoles: true },
  },
};

/** Stacks that are not shipped, through the real engine with a stand-in for AWS, from nothing and back to nothing. */
describe("other stacks on AWS through the engine", function () {
  this.timeout(900_000);

  for (const [variant, config] of Object.entries(variants)) {
    it(`${variant}: is made, stays as it is when it runs again, and goes`, async function () {
      needs(this, missing("pulumi", "pulumi-resource-random"));
      const workspace = await Workspace.create("prod", config, join(__dirname, "stand-ins"));
      try {
        const { stack } = workspace;
        await stack.up();
        const { summary } = await stack.up();
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        await stack.destroy();
      } finally {
        workspace.remove();
      }
    });
  }
});
