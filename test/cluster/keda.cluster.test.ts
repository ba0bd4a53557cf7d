import { strict as assert } from "node:assert";
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { KubernetesService, type KubernetesServiceArgs } from "../../components/workload/kubernetes/service";
import { serviceArgs } from "../components/kubernetes-mocks";
import { record } from "../record";
import { suites } from "./acts";
import { AsPulumi } from "./as-pulumi";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { leastReady, readyReplicas } from "./endpoints";
import { kedaPrograms, startKeda } from "./keda";
import { StubMetrics } from "./metrics";
import { controlPlane, missingPrograms } from "./programs";
import { StubPrometheus } from "./prometheus";
import { needs } from "../project";

interface Conditions {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Down at once, so that what is not taken away is kept by something else than those five minutes. */
function hurried(args: CustomResourceArgs): CustomResourceArgs {
  const { spec, ...rest } = args as CustomResourceArgs & { spec: { advanced: object } };
  const behavior = (stabilizationWindowSeconds: number) => ({
    horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds } } },
  });
  assert.deepEqual(spec.advanced, behavior(300));
  return { ...rest, spec: { ...spec, advanced: behavior(0) } };
}

describe(suites.keda, function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let metrics: StubMetrics;
  let prometheus: StubPrometheus;

  before(async function () {
    needs(this, missingPrograms(...controlPlane, ...kedaPrograms));
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    await plane.startControllers(3);
    metrics = await StubMetrics.start(plane);
    prometheus = await StubPrometheus.start();
    await startKeda(plane);
  });

  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(plane.log("keda-operator", 3000));
  });

  after(async () => {
    await prometheus?.stop();
    await metrics?.stop();
    await plane?.stop();
  });

  async function site(namespace: string) {
    await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
    const deployed = new AsPulumi(plane);
    const { url: prometheusUrl } = prometheus;
    const scaling = { minReplicas: 2, maxReplicas: 7, targetCpuPercent: 50, requestsPerMinutePerReplica: 100 };
    const args: KubernetesServiceArgs = {
      ...serviceArgs,
      route: { through: "ingress" },
      scaling: { ...serviceArgs.scaling, ...scaling },
      analysis: { prometheusUrl, errorPercent: 1, p95Milliseconds: 1000 },
      network: { ...serviceArgs.network, namespace: serviceArgs.network.namespace.apply(() => namespace) },
      migration: undefined,
      transform: { scaledObject: hurried },
    };
    const ready = () => readyReplicas(plane, namespace, "web");
    return {
      ready,
      up: async (keda: boolean) =>
        deployed.up(
          await record(
            () => void new KubernetesService("web", { ...args, ...(keda ? { keda: { prometheusUrl } } : {}) }),
          ),
        ),
      reach: (count: number) => eventually(`${count} replicas`, async () => (await ready()) === count, 90),
    };
  }

  it("adds replicas by requests, and takes none away while Prometheus does not answer", async () => {
    prometheus.answer = () => 0;
    const shop = await site("requests");
    await shop.up(true);
    await shop.reach(2);
    const object = await eventually("KEDA has taken the ScaledObject", async () => {
      const found = await plane.get<Conditions>("requests", "scaledobject", "web");
      return (
        (found?.status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True") && found
      );
    });
    assert.ok(object);

    prometheus.answer = () => 250;
    await shop.reach(3);
    assert.ok(prometheus.queries.some((query) => query.includes('http_requests_total{job="requests/web"}')));
    prometheus.answer = () => 690;
    await shop.reach(7);

    for (const silence of [() => "down" as const, () => undefined]) {
      prometheus.answer = silence;
      prometheus.queries.length = 0;
      await eventually("KEDA has asked again", async () => prometheus.queries.length > 3);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(await shop.ready(), 7);
    }
    prometheus.answer = () => 120;
    await shop.reach(2);
  });

  it("takes over from Kubernetes' own autoscaler and gives back, and loses no replica", async () => {
    prometheus.answer = () => 0;
    metrics.usage = { cpu: "1", memory: "0" };
    const shop = await site("handover");
    await shop.up(false);
    await shop.reach(7);
    // What it is to be, so that either leaves them as they are.
    metrics.usage = { cpu: "250m", memory: "0" };
    const least = await leastReady(shop.ready, async () => {
      const done = await shop.up(true);
      assert.equal(done["ScaledObject/web"], "create");
      assert.equal(done["HorizontalPodAutoscaler/web"], "delete");
      await eventually("KEDA has an autoscaler", () => plane.get("handover", "hpa", "keda-hpa-web"));
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await shop.up(false);
      await new Promise((resolve) => setTimeout(resolve, 5000));
    });
    assert.equal(least, 7);
    assert.equal(await plane.get("handover", "hpa", "keda-hpa-web"), undefined);
  });
});
