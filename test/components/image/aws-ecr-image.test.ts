import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { AwsEcrImage, type AwsEcrImageArgs } from "../../../components/image/aws-ecr-image";
import type { ImageSource } from "../../../components/image/contract";
import { customResources, isSecret, isUnknown, type PlanValue } from "../../../tools/plan/plan";
import { only, record } from "../../record";
import { json, orphans, output } from "../aws-fixtures";

const image = (source: ImageSource, more: Partial<AwsEcrImageArgs> = {}) =>
  record(() => {
    const { reference, release, repositoryArn } = new AwsEcrImage("image", { source, ...more });
    return { reference, release, repositoryArn };
  });

describe("AwsEcrImage", () => {
  it("takes an image by digest as it is, and creates nothing", async () => {
    const reference = `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9".padEnd(64, "0")}`;
    const plan = await image({ from: "registry", reference });
    assert.deepEqual(plan.outputs, { reference, release: "4be1c7a0d5e9" });
    assert.deepEqual(customResources(plan), []);
  });

  it("calls a release by its tag where there is no digest", async () => {
    const plan = await image({ from: "registry", reference: "registry.example.com:5000/acme/shop:1.4.2" });
    assert.equal(plan.outputs["release"], "1.4.2");
  });

  describe("built here", () => {
    const context: ImageSource = { from: "build", context: "app" };
    const buildType = "docker-build:index:Image";

    it("goes by digest to a repository of its own, and is not built while somebody only looks", async () => {
      const plan = await image(context);
      const repository = only(plan, "aws:ecr/repository:Repository");
      const { registries, exports, ...inputs } = only(plan, buildType).inputs;
      assert.deepEqual(inputs, {
        context: { location: "app" },
        dockerfile: { location: "app/Dockerfile" },
        platforms: ["linux/amd64"],
        push: false,
        buildOnPreview: false,
        network: "default",
      });
      const address = output(repository, "repositoryUrl");
      assert.deepEqual(exports, [{ image: { names: [address], push: true, pushByDigest: true } }]);
      const [registry, ...others] = registries as readonly Record<string, PlanValue>[];
      assert.deepEqual(others, []);
      assert.deepEqual(registry!["address"], address);
      assert.ok(isSecret(registry!["password"]));
      assert.deepEqual(orphans(plan), []);
    });

    it("is deployed by its digest, from a repository that can be read", async () => {
      const plan = await image(context);
      const { reference, repositoryArn } = plan.outputs;
      assert.ok(isUnknown(reference));
      assert.equal(reference.template, "{0}@{1}");
      assert.match(reference.$unknown.join(), /Repository::image#repositoryUrl,.*Image::image#digest$/);
      assert.deepEqual(repositoryArn, output(only(plan, "aws:ecr/repository:Repository"), "arn"));
    });

    it("keeps what was pushed as it is, scanned, encrypted, and the newest 30 of them", async () => {
      const plan = await image(context);
      assert.deepEqual(only(plan, "aws:ecr/repository:Repository").inputs, {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: false,
      });
      const policy = (recorded: typeof plan) =>
        json<{ rules: { selection: { countNumber: number } }[] }>(
          only(recorded, "aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs["policy"],
        ).rules.map(({ selection }) => selection.countNumber);
      assert.deepEqual(policy(plan), [30]);
      assert.deepEqual(policy(await image(context, { keepImages: 5 })), [5]);
    });

    it("takes a Dockerfile, arguments, another processor, and secrets that no plan shows", async () => {
      const plan = await image(
        { ...context, dockerfile: "Dockerfile.prod", args: { NODE_IMAGE: "node:24-slim" } },
        { platform: "linux/arm64", buildSecrets: { server_actions_key: pulumi.secret("hunter2") } },
      );
      const { inputs } = only(plan, buildType);
      assert.deepEqual(inputs["dockerfile"], { location: "app/Dockerfile.prod" });
      assert.deepEqual(inputs["buildArgs"], { NODE_IMAGE: "node:24-slim" });
      assert.deepEqual(inputs["platforms"], ["linux/arm64"]);
      assert.ok(isSecret(inputs["secrets"]));
      assert.ok(!JSON.stringify(plan).includes("hunter2"));
    });
  });
});
