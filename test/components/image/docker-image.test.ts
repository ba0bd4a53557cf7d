import { strict as assert } from "node:assert";
import { DockerImage, type DockerImageArgs } from "../../../components/image/docker-image";
import { isSecret, isUnknown } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";

describe("DockerImage", () => {
  const create = (args: DockerImageArgs) =>
    record(() => {
      const { reference, release } = new DockerImage("shop-image", args);
      return { reference, release };
    });
  const pulled = () => create({ source: { from: "registry", reference: "ghcr.io/acme/shop:1.4.2" } });
  const built = (more: object = {}) =>
    create({ source: { from: "build", context: "app", ...more }, buildSecrets: { server_actions_key: "hunter2" } });

  it("pulls what exists, and leaves it to the host when the stack goes", async () => {
    const plan = await pulled();
    assert.deepEqual(only(plan, "docker:index/remoteImage:RemoteImage").inputs, {
      name: "ghcr.io/acme/shop:1.4.2",
      keepLocally: true,
    });
    assert.equal(all(plan, "docker-build:index:Image").length, 0);
    assert.equal(plan.outputs["release"], "1.4.2");
  });

  it("hands over the image's id, so that a tag that moved means new containers", async () => {
    const { reference } = (await pulled()).outputs;
    assert.ok(isUnknown(reference) && reference.$unknown[0]!.endsWith("::shop-image#imageId"));
  });

  it("builds with the host's own builder, and not while somebody only looks", async () => {
    const { secrets, ...inputs } = only(await built(), "docker-build:index:Image").inputs;
    assert.ok(isSecret(secrets));
    assert.deepEqual(inputs, {
      context: { location: "app" },
      tags: ["shop-image:built"],
      builder: { name: "default" },
      exec: true,
      push: false,
      load: true,
      buildOnPreview: false,
      network: "default",
    });
  });

  it("takes a Dockerfile and arguments", async () => {
    const { inputs } = only(
      await built({ dockerfile: "Dockerfile.prod", args: { NODE_IMAGE: "node:24-slim" } }),
      "docker-build:index:Image",
    );
    assert.deepEqual(inputs["dockerfile"], { location: "app/Dockerfile.prod" });
    assert.deepEqual(inputs["buildArgs"], { NODE_IMAGE: "node:24-slim" });
  });

  it("builds by the engine's legacy builder where asked: again when the Dockerfile changes, and without a plugin", async () => {
    const context = "components/database/docker/image";
    const source = { from: "build", context, args: { BASE: "postgres:17" } } as const;
    const plan = await create({ source, legacyBuilder: true });
    assert.equal(all(plan, "docker-build:index:Image").length, 0);
    const { triggers, ...inputs } = only(plan, "docker:index/remoteImage:RemoteImage").inputs;
    assert.deepEqual(inputs, {
      name: "shop-image:built",
      keepLocally: true,
      build: { context, dockerfile: "Dockerfile", buildArgs: { BASE: "postgres:17" }, useLegacyBuilder: true },
    });
    assert.match((triggers as { dockerfile: string }).dockerfile, /^[0-9a-f]{64}$/);
  });

  it("looks at a build again when what went into it changed", async () => {
    const { inputs, dependencies } = only(await built(), "docker:index/remoteImage:RemoteImage");
    assert.equal(inputs["name"], "shop-image:built");
    assert.deepEqual(Object.keys(inputs["triggers"] as object).sort(), ["context", "digest"]);
    assert.ok(dependencies.some((urn) => urn.endsWith("::shop-image-build")));
  });
});
