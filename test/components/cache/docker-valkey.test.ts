import { strict as assert } from "node:assert";
import { DockerValkey, valkeyConfiguration } from "../../../components/cache/docker-valkey";
import { isSecret } from "../../../tools/plan/plan";
import { only, record } from "../../record";
import { container, fileNamed, labelNames, network } from "../docker-mocks";

describe("DockerValkey", () => {
  const create = (transform = {}) =>
    record(() => {
      const args = { network, image: "valkey:8", memoryMb: 128, cpuMillis: 250, transform };
      return new DockerValkey("shop-cache", args).environment;
    });
  const server = async () => container(await create(), "shop-cache-server");

  it("runs hardened, on the internal network alone, without a published port", async () => {
    const { inputs } = await server();
    assert.equal(inputs.user, "999:999");
    assert.equal(inputs["readOnly"], true);
    assert.deepEqual(inputs.networksAdvanced, [{ name: "shop-internal", aliases: ["shop-cache"] }]);
    assert.equal("ports" in inputs, false);
    assert.equal("envs" in inputs, false);
  });

  it("throws out the oldest before it is full, with room beside the entries", async () => {
    const { inputs } = await server();
    assert.deepEqual(inputs.command, ["valkey-server", "/run/secrets/configuration/value", "--maxmemory", "128mb"]);
    assert.equal(inputs["memory"], 224);
    assert.equal(
      valkeyConfiguration("hunter2"),
      'requirepass hunter2\nmaxmemory-policy allkeys-lru\nsave ""\nappendonly no\n',
    );
  });

  it("has its password in files alone, each a secret", async () => {
    const plan = await create();
    assert.ok(isSecret(fileNamed(plan, "password/value")));
    assert.ok(isSecret(fileNamed(plan, "configuration/value")));
    assert.deepEqual(only(plan, "random:index/randomPassword:RandomPassword").inputs, { length: 32, special: false });
    const { inputs } = container(plan, "shop-cache-server");
    assert.deepEqual(inputs.mounts, [
      {
        type: "volume",
        target: "/run/secrets/configuration",
        source: "shop-cache-secrets-configuration",
        readOnly: true,
      },
      { type: "volume", target: "/run/secrets/password", source: "shop-cache-secrets-password", readOnly: true },
    ]);
  });

  it("starts anew when its password changes, and gives its name back first", async () => {
    const { inputs, resource } = await server();
    assert.ok(labelNames(inputs).includes("app.slipway.configuration"));
    assert.equal(resource.options.deleteBeforeReplace, true);
    assert.equal(inputs.name, "shop-cache");
  });

  it("is healthy when it answers to its password", async () => {
    const { inputs } = await server();
    assert.deepEqual(inputs.healthcheck.tests, [
      "CMD-SHELL",
      'REDISCLI_AUTH="$(cat /run/secrets/password/value)" valkey-cli ping | grep -q PONG',
    ]);
  });

  it("gives the application an address without a password, and the password as a reference", async () => {
    const { outputs } = await create();
    assert.equal(outputs["REDIS_URL"], "redis://shop-cache:6379");
    const { store, volume } = outputs["REDIS_PASSWORD"] as unknown as { store: string; volume: string };
    assert.deepEqual([store, volume], ["docker-volume", "shop-cache-secrets-password"]);
  });

  it("lets the server be changed before it is made", async () => {
    const { inputs } = container(await create({ server: { hostname: "cache-1" } }), "shop-cache-server");
    assert.equal(inputs["hostname"], "cache-1");
  });
});
