import { strict as assert } from "node:assert";
import { join } from "node:path";
import { suites } from "./acts";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { leastReady, readyReplicas } from "./endpoints";
import { StubMetrics } from "./metrics";
import { bed, controlPlane, missingPrograms } from "./programs";
import { startRollouts } from "./rollouts";
import { missing, needs } from "../project";
import { Workspace } from "../engine/workspace";

const site = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  database: { implementation: "none" },
  cache: { implementation: "none" },
  service: { minReplicas: 2, maxReplicas: 9, cpuMillis: 400, targetCpuPercent: 50, targetMemoryPercent: 80 },
  kubernetes: { namespace: "shop", ingressClass: "traefik", prometheusUrl: "http://prometheus.monitoring:9090" },
};

/** By Pulumi's engine, the program itself, and a stand-in for the provider alone. */
describe(suites.strategies, function () {
  this.timeout(900_000);
  let plane: ControlPlane;
  let metrics: StubMetrics;
  let workspace: Workspace | undefined;

  before(async function () {
    needs(this, [
      ...missingPrograms(...controlPlane, "rollouts-controller", "jsonpath"),
      ...missing("pulumi", "pulumi-resource-random"),
    ]);
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    await plane.startControllers(3);
    await startRollouts(plane);
    metrics = await StubMetrics.start(plane);
  });

  after(async () => {
    workspace?.remove();
    await metrics?.stop();
    await plane?.stop();
  });

  it("keeps what the autoscaler has made when the strategy changes, there and back", async () => {
    const variables = { KUBECONFIG: plane.kubeconfig, SLIPWAY_BED: bed };
    workspace = await Workspace.create("dev", site, join(__dirname, "stand-ins"), variables);
    const ready = () => readyReplicas(plane, "shop", "web");
    await workspace.stack.preview();
    await workspace.stack.up();
    await eventually("2 replicas serve", async () => (await ready()) === 2);

    metrics.usage = { cpu: "400m", memory: "0" };
    await eventually("the autoscaler has made 9", async () => (await ready()) === 9);
    // What it is to be: however many there are, the autoscaler leaves them as they are, and helps nobody up.
    metrics.usage = { cpu: "200m", memory: "0" };

    const least: Record<string, number> = {};
    for (const strategy of ["blue-green", "rolling", "canary", "rolling"]) {
      workspace.configure({ ...site, release: { strategy, bakeMinutes: 3, stepMinutes: 3 } });
      least[strategy] = await leastReady(ready, async () => {
        await workspace!.stack.up();
        await new Promise((resolve) => setTimeout(resolve, 3000));
      });
    }
    assert.deepEqual(least, { "blue-green": 9, rolling: 9, canary: 9 });
    assert.equal((await plane.list("shop", "rollouts")).length, 0);

    const { summary } = await workspace.stack.up();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}).sort(), ["read", "same"]);
  });
});
