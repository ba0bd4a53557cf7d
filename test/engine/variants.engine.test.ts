import { strict as assert } from "node:assert";
import { join } from "node:path";
import { missing } from "../project";
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
  "what exists": {
    ...common,
    preset: "development",
    network: {
      vpcId: "vpc-0a1b2c3d4e5f67890",
      privateSubnetIds: ["subnet-0a1b2c33", "subnet-0a1b2c34"],
      publicSubnetIds: ["subnet-0a1b2c31", "subnet-0a1b2c32"],
    },
    cluster: { arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/main" },
    loadBalancer: {
      arn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/main/50dc6c495c0c9188",
      priority: 20,
    },
    cdn: { implementation: "none" },
    database: { identifier: "shop-production", securityGroupId: "sg-0a1b2c3d", separateRoles: true },
    cache: { implementation: "none" },
  },
};

/** Stacks that are not shipped, through the real engine with a stand-in for AWS, from nothing and back to nothing. */
describe("other stacks on AWS through the engine", function () {
  this.timeout(900_000);

  for (const [variant, config] of Object.entries(variants)) {
    it(`${variant}: is made, stays as it is when it runs again, and goes`, async function () {
      const absent = missing("pulumi", "pulumi-resource-random");
      if (absent.length > 0) {
        console.log(`      not there: ${absent.join(", ")}`);
        this.skip();
      }
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
