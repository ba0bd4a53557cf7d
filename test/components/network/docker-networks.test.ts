import { strict as assert } from "node:assert";
import { DockerNetworks } from "../../../components/network/docker-networks";
import { all, record } from "../../record";

describe("DockerNetworks", () => {
  const networks = async (args = {}) =>
    all(await record(() => void new DockerNetworks("shop", args)), "docker:index/network:Network");

  it("is one network with a way out and one without", async () => {
    assert.deepEqual(
      (await networks()).map(({ inputs }) => inputs),
      [
        { name: "shop-edge", driver: "bridge" },
        { name: "shop-internal", driver: "bridge", internal: true },
      ],
    );
  });

  it("belongs to its component, and can be changed before it is made", async () => {
    const [edge] = await networks({ transform: { edge: { ipv6: true } } });
    assert.ok(edge?.parent?.endsWith("slipway:network:DockerNetworks::shop"));
    assert.equal(edge?.inputs["ipv6"], true);
  });
});
