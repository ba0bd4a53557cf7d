import { strict as assert } from "node:assert";
import type { DockerOperations } from "../../../../stacks/operations";
import type { Stack } from "../../../../tools/operate/contract";
import type { Engine, Inspected, Sought } from "../../../../tools/operate/docker/engine";
import { sorted } from "../../../../tools/operate/docker/state";

const operations = {
  ...{ stack: "prod", service: "shop-app", containers: ["shop-app-1-a", "shop-app-2-b"] },
  networks: { internal: "shop-internal", edge: "shop-edge" },
} as unknown as DockerOperations;

/** Containers that run, as name and component; and those that the state has. */
async function sort(running: readonly (readonly [name: string, component: string])[], state: readonly string[]) {
  const asked: Sought[] = [];
  const engine = {
    containers: (sought: Sought) => {
      asked.push(sought);
      const found = running.map(([name, component]) => ({
        ...{ Id: `id-${name}`, Name: `/${name}` },
        Config: { Labels: { "app.slipway.component": component } },
      }));
      return Promise.resolve(found as unknown as Inspected[]);
    },
  } as unknown as Engine;
  const resources = state.map((name) => ({ type: "docker:index/container:Container", id: `id-${name}` }));
  const stack = {
    operations,
    pulumi: (...args: readonly string[]) => {
      assert.deepEqual(args, ["stack", "export"]);
      return Promise.resolve(JSON.stringify({ version: 3, deployment: { resources } }));
    },
  } as unknown as Stack<DockerOperations>;
  const { stable, unfinished, orphans } = await sorted(stack, engine);
  const names = (all: readonly Inspected[]) => all.map(({ Name }) => Name.slice(1));
  return { asked, stable: names(stable), unfinished: names(unfinished), orphans: names(orphans) };
}

describe("containers of a stack on one host, by what its state knows", () => {
  const stable = [
    ["shop-app-1-a", "shop-app"],
    ["shop-app-2-b", "shop-app"],
  ] as const;
  const others = [
    ["shop-router-server-c", "router"],
    ["shop-nginx", "ingress"],
    ["shop-database", "database"],
  ] as const;
  const known = [...stable, ...others].map(([name]) => name);

  it("are all there is after a pulumi up that has ended", async () => {
    const { asked, ...found } = await sort([...stable, ...others], known);
    assert.deepEqual(found, { stable: ["shop-app-1-a", "shop-app-2-b"], unfinished: [], orphans: [] });
    // Another project's stack of the same name is on other networks.
    assert.deepEqual(asked, [{ labels: { "app.slipway.stack": "prod" }, networks: ["shop-internal", "shop-edge"] }]);
  });

  it("killed before a new replica was in the state: an orphan", async () => {
    const found = await sort([...stable, ["shop-app-1-x", "shop-app"], ...others], known);
    assert.deepEqual([found.unfinished, found.orphans], [[], ["shop-app-1-x"]]);
  });

  it("killed when new replicas were in the state, and may serve: unfinished, and no orphans", async () => {
    const news = [
      ["shop-app-1-x", "shop-app"],
      ["shop-app-2-y", "shop-app"],
    ] as const;
    const found = await sort([...stable, ...news, ...others], [...known, ...news.map(([name]) => name)]);
    assert.deepEqual(found.stable, ["shop-app-1-a", "shop-app-2-b"]);
    assert.deepEqual([found.unfinished, found.orphans], [["shop-app-1-x", "shop-app-2-y"], []]);
  });

  it("killed before another router or a container with a name was in the state: orphans", async () => {
    const found = await sort(
      [...stable, ["shop-router-server-z", "router"], ...others],
      known.filter((name) => name !== "shop-nginx"),
    );
    assert.deepEqual(found.orphans, ["shop-router-server-z", "shop-nginx"]);
  });

  it("candidates of a release in progress are in no state, and no orphans", async () => {
    const running = [["shop-app-candidate-1", "candidate"] as const, ["m", "candidate-migrate"] as const];
    assert.deepEqual((await sort([...stable, ...running, ...others], known)).orphans, []);
  });

  it("a stable replica that was made by hand in place of the stack's is still the one that serves", async () => {
    const found = await sort([...stable, ...others], known.slice(1));
    assert.deepEqual([found.stable, found.orphans], [["shop-app-1-a", "shop-app-2-b"], []]);
  });
});
