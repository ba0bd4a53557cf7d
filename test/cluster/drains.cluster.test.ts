import { strict as assert } from "node:assert";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import { manifests } from "../../tools/readers/render/kubernetes-objects";
import { record } from "../record";
import { suites } from "./acts";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { controlPlane, missingPrograms } from "./programs";
import { needs } from "../project";

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const web = "app.kubernetes.io/name=web";
const file = {
  target: "kubernetes",
  preset: "production",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  storage: { implementation: "external", bucket: "shop", region: "eu-central-1" },
  service: { minReplicas: 4, maxReplicas: 4 },
};
const cluster = { backupBucket: "s3://acme-backups/shop", ingressNamespace: "traefik" };

describe(suites.drains, function () {
  this.timeout(180_000);
  let plane: ControlPlane;

  before(async function () {
    needs(this, missingPrograms(...controlPlane));
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    await plane.startControllers(4);
  });

  after(async () => plane?.stop());

  afterEach(async () => {
    await plane.kubectl(["uncordon", ...["1", "2", "3", "4"].map((number) => `node-${number}`)]);
    await plane.kubectl(["taint", "node", "--all", "control-plane:NoSchedule-"]).catch(() => undefined);
  });

  /** What makes pods, and what protects them, of a whole stack: replicas as the autoscaler makes them. */
  async function deploy(namespace: string, more: Readonly<Record<string, object>> = {}): Promise<void> {
    const { kubernetes, ...rest } = more;
    const shape = { kubernetes: { ...cluster, ...kubernetes, namespace }, ...rest };
    const plan = await record(() => runStack(resolveSettings("test", { ...file, ...shape }, {})));
    const kinds = ["Namespace", "ServiceAccount", "Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"];
    await plane.apply(
      manifests(plan).flatMap(({ kind, object }) => (object !== undefined && kinds.includes(kind) ? [object] : [])),
    );
    await eventually("4 replicas are ready", async () => (await ready(namespace)).length === 4);
  }

  async function ready(namespace: string, selector = web): Promise<Pod[]> {
    return (await plane.list<Pod>(namespace, "pods", selector)).filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
  }

  const drain = (...nodes: readonly string[]) =>
    plane.kubectl(["drain", ...nodes, "--delete-emptydir-data", "--force", "--timeout=60s"]);

  /** The smallest number of ready replicas while `act` runs. */
  async function leastReady(namespace: string, act: Promise<unknown>): Promise<number> {
    let [over, least] = [false, Infinity];
    const watching = (async () => {
      while (!over) least = Math.min(least, (await ready(namespace)).length);
    })();
    await act.finally(() => (over = true));
    await watching;
    return least;
  }

  it("takes one replica at a time, also when two nodes are drained at once", async () => {
    await deploy("drained");
    const nodes = new Set((await ready("drained")).map(({ spec }) => spec.nodeName!));
    assert.equal(nodes.size, 4, "one a node, in as many zones");
    const least = await leastReady("drained", Promise.all([drain("node-1"), drain("node-2")]));
    assert.ok(least >= 3, `${least} of 4 were ready`);
    await eventually("4 replicas are ready again", async () => (await ready("drained")).length === 4);
    for (const { spec } of await ready("drained")) assert.ok(["node-3", "node-4"].includes(spec.nodeName!));
  });

  it("is not held up by replicas that are broken anyway", async () => {
    await deploy("broken");
    const [one, other] = await ready("broken");
    const conditions = [{ type: "Ready", status: "False", reason: "ContainersNotReady" }];
    for (const { metadata } of [one!, other!]) {
      await plane.kubectl([
        ...["-n", "broken", "patch", "pod", metadata.name, "--subresource", "status", "--type", "strategic"],
        ...["--patch", JSON.stringify({ status: { conditions } })],
      ]);
    }
    await eventually("two are not ready", async () => (await ready("broken")).length === 2);
    await drain(one!.spec.nodeName!, other!.spec.nodeName!);
    await eventually("4 replicas are ready again", async () => (await ready("broken")).length === 4);
  });

  it("is not held up by the one cache there is", async () => {
    await deploy("cached");
    const selector = "app.kubernetes.io/name=cache";
    const [cache] = await eventually("the cache is ready", async () => {
      const found = await ready("cached", selector);
      return found.length === 1 && found;
    });
    await drain(cache!.spec.nodeName!);
    await eventually("it is elsewhere", async () => {
      const [moved] = await ready("cached", selector);
      return moved !== undefined && moved.spec.nodeName !== cache!.spec.nodeName;
    });
  });

  it("does not gather replicas in one zone where zones are required, nor wait for a zone that takes none", async () => {
    await plane.kubectl(["cordon", "node-4"]);
    await plane.kubectl(["taint", "node", "node-3", "control-plane=:NoSchedule"]);
    await deploy("zones", { kubernetes: { serviceZones: "required" } });
    const nodes = (await ready("zones")).map(({ spec }) => spec.nodeName!).sort();
    assert.deepEqual(nodes, ["node-1", "node-1", "node-2", "node-2"]);
  });
});
