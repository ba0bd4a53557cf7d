import { strict as assert } from "node:assert";
import { kubernetesDriver } from "../../../../tools/operate/kubernetes/driver";
import { Recorded } from "../recorded";

const operations = (kind: "Deployment" | "Rollout") =>
  ({ target: "kubernetes", namespace: "shop", kind, name: "web", container: "app", image: "shop:1" }) as const;
const driver = (recorded: Recorded, kind: "Deployment" | "Rollout" = "Rollout") =>
  kubernetesDriver(recorded.stack(operations(kind)), recorded.run, recorded.terminal, 0);
const workload = (status: object, generation = 2) => ({
  metadata: { generation, creationTimestamp: "2026-11-27T03:00:00Z" },
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } } },
  status: { observedGeneration: generation, ...status },
});
const receipts = { "get configmap web-receipts": [""], "configmap web-receipts": [""] };
/** Of a release, without the receipt that ends it. */
const asked = (recorded: Recorded) => recorded.asked.filter((line) => !line.includes("web-receipts"));
const silent = () => undefined;
const options = { image: "shop:2", minimumRequests: 0 };

describe("the verbs on Kubernetes, against recorded answers", () => {
  it("release: waits until Argo Rollouts has seen the change and calls it healthy", async () => {
    const get = [
      workload({ phase: "Healthy", observedGeneration: "1" }),
      workload({ phase: "Progressing", message: "more replicas need to be updated" }),
      workload({ phase: "Paused", message: "CanaryPauseStep" }),
      workload({ phase: "Healthy", observedGeneration: "2" }),
    ];
    const recorded = new Recorded({ "get rollouts.argoproj.io/web": get, ...receipts });
    assert.equal((await driver(recorded).release(options, silent)).outcome, "released");
    assert.deepEqual(recorded.asked.slice(0, 2), [
      "pulumi config set slipway:image shop:2",
      "pulumi up --yes --skip-preview",
    ]);
    assert.equal(asked(recorded).length, 6);
  });

  it("release: a degraded Rollout is no release", async () => {
    const get = [
      workload({ phase: "Progressing" }),
      workload({ phase: "Degraded", message: "RolloutAborted: metric errors" }),
    ];
    const recorded = new Recorded({ "get rollouts.argoproj.io/web": get, ...receipts });
    const receipt = await driver(recorded).release(options, silent);
    assert.deepEqual([receipt.outcome, receipt.reason], ["returned", "Degraded: RolloutAborted: metric errors"]);
    assert.equal(asked(recorded).at(-1), "pulumi config set slipway:image shop:1");
  });

  it("release: a Deployment is done when all pods are new and available, and not when its deadline has passed", async () => {
    const get = [
      workload({ updatedReplicas: 2, availableReplicas: 2, replicas: 3 }),
      workload({ updatedReplicas: 2, availableReplicas: 2, replicas: 2 }),
    ];
    const recorded = new Recorded({ "get deployments.apps/web": get, ...receipts });
    assert.equal((await driver(recorded, "Deployment").release(options, silent)).outcome, "released");
    assert.equal(asked(recorded).length, 4);
    const conditions = [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" },
    ];
    const stuck = new Recorded({ "get deployments.apps/web": [workload({ conditions })], ...receipts });
    const receipt = await driver(stuck, "Deployment").release(options, silent);
    assert.deepEqual([receipt.outcome, receipt.reason], ["returned", "ProgressDeadlineExceeded: timed out"]);
  });

  it("rollback: aborts a Rollout that goes on, as its plugin does", async () => {
    const recorded = new Recorded({ "get rollouts": [workload({ phase: "Paused" })], patch: [""] });
    await assert.rejects(driver(recorded).rollback({ minimumRequests: 0 }, silent), /goes back to the stable release/);
    assert.ok(
      recorded.asked
        .at(-1)!
        .endsWith('patch rollouts.argoproj.io/web --subresource status --type merge --patch {"status":{"abort":true}}'),
    );
    const done = new Recorded({ "get rollouts": [workload({ phase: "Healthy" })] });
    await assert.rejects(driver(done).rollback({ minimumRequests: 0 }, silent), /no release of prod can be ended/);
  });

  it("status and receipt: when a backup was last restored, and nothing where that cannot be asked", async () => {
    const backups = { cluster: "database", database: "app" };
    const asking = (configMap: readonly unknown[]) => {
      const get = { "get rollouts": [workload({ phase: "Healthy" })] };
      const recorded = new Recorded({
        ...get,
        ...receipts,
        ...(configMap.length > 0 && { "get configmap": configMap }),
      });
      const stack = recorded.stack({ ...operations("Rollout"), backups });
      return kubernetesDriver(stack, recorded.run, recorded.terminal, 0);
    };
    const kept = { data: { last: "{}", restored: "2026-11-27T12:00:00Z" } };
    assert.equal((await asking([kept]).status()).lastRestoredBackup, "2026-11-27T12:00:00Z");
    assert.equal((await asking([kept]).release(options, silent)).lastRestoredBackup, "2026-11-27T12:00:00Z");
    assert.equal("lastRestoredBackup" in (await asking([""]).status()), false);
    assert.equal("lastRestoredBackup" in (await asking([]).status()), false);
  });

  it("keeps the last twenty receipts in a ConfigMap beside the workload, where status finds the newest first", async () => {
    const healthy = { "get rollouts": [workload({ phase: "Healthy" })] };
    const first = new Recorded({ ...healthy, ...receipts });
    const receipt = await driver(first).release(options, silent);
    const [get, create, patch] = first.asked.slice(-3);
    assert.equal(get, "kubectl --namespace shop get configmap web-receipts --ignore-not-found --output json");
    assert.equal(create, "kubectl --namespace shop create configmap web-receipts");
    const { data } = JSON.parse(/--type merge --patch (.*)$/.exec(patch!)![1]!) as { data: Record<string, string> };
    assert.deepEqual(
      Object.values(data).map((text) => JSON.parse(text) as unknown),
      [JSON.parse(JSON.stringify(receipt))],
    );
    assert.match(Object.keys(data)[0]!, /^[-._a-zA-Z0-9]+$/, "a key of a ConfigMap");

    const days = Array.from({ length: 20 }, (_, day) => `2026-01-${String(day + 1).padStart(2, "0")}T00:00:00Z`);
    const file = (day: string) => `${day.replaceAll(":", "-")}.json`;
    const many = Object.fromEntries(days.map((day) => [file(day), JSON.stringify({ ...receipt, startedAt: day })]));
    const full = new Recorded({ ...healthy, "get configmap": [{ data: many }], ...receipts });
    await driver(full).release(options, silent);
    assert.ok(!full.asked.some((line) => line.includes("create configmap")));
    const changed = JSON.parse(/--patch (.*)$/.exec(full.asked.at(-1)!)![1]!) as { data: Record<string, unknown> };
    assert.deepEqual(
      Object.entries(changed.data).filter(([, value]) => value === null),
      [[file(days[0]!), null]],
    );
    assert.equal(Object.keys(changed.data).length, 2);
    const { receipts: found } = await driver(full).status();
    assert.deepEqual([found.length, found[0]!.startedAt], [20, days[19]]);
  });

  it("status, logs and exec: by the workload's own labels", async () => {
    const recorded = new Recorded({
      ...receipts,
      "get rollouts": [workload({ phase: "Healthy", availableReplicas: 1 })],
      "get pods": ["web-1"],
    });
    const { releases } = await driver(recorded).status();
    assert.deepEqual([releases[0]!.replicas, releases[0]!.healthy], [2, 1]);
    await driver(recorded).logs({ follow: false, since: "1h" });
    assert.equal(
      recorded.asked.at(-1),
      "kubectl --namespace shop logs --selector app=web --container app --prefix --since 1h --tail -1",
    );
    await driver(recorded).exec(["node", "-v"]);
    assert.match(recorded.asked.at(-1)!, /exec --stdin (--tty )?web-1 --container app -- node -v$/);
  });
});
