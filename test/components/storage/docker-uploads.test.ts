import { strict as assert } from "node:assert";
import { DockerUploads } from "../../../components/storage/docker-uploads";
import { only, record } from "../../record";
import { volumeType } from "../docker-mocks";

describe("DockerUploads", () => {
  const volume = async (protect: boolean) =>
    only(await record(() => void new DockerUploads("shop-uploads", { protect })), volumeType);

  it("keeps uploads when they are protected", async () => {
    const { inputs, options } = await volume(true);
    assert.deepEqual(inputs, { name: "shop-uploads-data" });
    assert.equal(options.protect, true);
    assert.equal(options.retainOnDelete, true);
  });

  it("lets them go when they are not", async () => {
    const { options } = await volume(false);
    assert.equal("protect" in options, false);
    assert.equal("retainOnDelete" in options, false);
  });

  it("tells the application where they are", async () => {
    const { outputs } = await record(() => new DockerUploads("shop-uploads", { protect: false }).environment);
    assert.deepEqual(outputs, { STORAGE_BUCKET: "file:///data/uploads" });
  });
});
