import { strict as assert } from "node:assert";
import { AwsEcrImage } from "../../../components/image/aws-ecr-image";
import type { ImageSource } from "../../../components/image/contract";
import { customResources } from "../../../tools/plan/plan";
import { record } from "../../record";

const image = (source: ImageSource) =>
  record(() => {
    const { reference, release, repositoryArn } = new AwsEcrImage("image", { source });
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
});
