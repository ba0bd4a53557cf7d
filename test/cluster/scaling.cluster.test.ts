import { strict as assert } from "node:assert";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import { output } from "@pulumi/pulumi";
import { KubernetesService, type KubernetesServiceArgs } from "../../components/workload/kubernetes/service";
import { serviceArgs } from "../components/kubernetes-mocks";
import { record } from "../record";
import { suites } from "./acts";
import { AsPulumi } from "./as-pulumi";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { StubMetrics } from "./metrics";
import { controlPlane, missingPrograms } from "./programs";
import { needs } from "../project";

interface Autoscaler {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly reason: string }[] };
}

describe(suites.scaling, function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let metrics: StubMetrics;

  before(async function () {
    needs(this, missingPrograms(...controlPlane));
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    await plane.startControllers(3);
    metrics = await StubMetrics.start(plane);
  });

  after(async () => {
    await metrics?.stop();
    await plane?.stop();
  });

  async function site(namespace: string, more: Partial<KubernetesServiceArgs>) {
    await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
    const args: KubernetesServiceArgs = {
      ...serviceArgs,
      route: { through: "ingress" },
      scaling: { ...serviceArgs.scaling, minReplicas: 2, maxReplicas: 7, targetCpuPercent: 50 },
      size: { cpuMillis: 400, memoryMb: 1024 },
      ...more,
      network: { ...serviceArgs.network, namespace: serviceArgs.network.namespace.apply(() => namespace) },
      migration: undefined,
    };
    await new AsPulumi(plane).up(await record(() => void new KubernetesService("web", args)));
    const replicas = async () =>
      (await plane.get<{ status: { availableReplicas?: number } }>(namespace, "deployment", "web"))!.status
        .availableReplicas ?? 0;
    const reach = (count: number) => eventually(`${count} replicas`, async () => (await replicas()) === count, 60);
    return { replicas, reach, autoscaler: () => plane.get<Autoscaler>(namespace, "hpa", "web") };
  }

  it("are added at once by CPU, as a share of what a node keeps for them, up to the most", async () => {
    metrics.usage = { cpu: "0", memory: "0" };
    const shop = await site("cpu", { requests: { cpuMillis: 200 } });
    await shop.reach(2);
    // 60 % of the request, 30 % of the limit.
    metrics.usage = { cpu: "120m", memory: "0" };
    await shop.reach(3);
    metrics.usage = { cpu: "400m", memory: "0" };
    await shop.reach(7);
  });

  it("are added by memory, unless they are not to be", async () => {
    metrics.usage = { cpu: "0", memory: "1000Mi" };
    const shop = await site("memory", {});
    await shop.reach(7);
    const without = { ...serviceArgs.scaling, minReplicas: 2, maxReplicas: 7, targetMemoryPercent: false } as const;
    const other = await site("without-memory", { scaling: without });
    await other.reach(2);
    await eventually("the autoscaler has looked", async () => {
      const { conditions = [] } = (await other.autoscaler())!.status;
      return conditions.some(({ type, reason }) => type === "ScalingActive" && reason === "ValidMetricFound");
    });
    assert.equal(await other.replicas(), 2);
  });

  it("go only once five minutes have agreed that fewer are enough", async () => {
    metrics.usage = { cpu: "400m", memory: "0" };
    const shop = await site("down", {});
    await shop.reach(7);
    metrics.usage = { cpu: "0", memory: "0" };
    await eventually("the autoscaler waits", async () => {
      const { conditions = [] } = (await shop.autoscaler())!.status;
      return conditions.some(({ reason }) => reason === "ScaleDownStabilized");
    });
    assert.equal(await shop.replicas(), 7);

    // The five minutes as five seconds: Kubernetes' own clock cannot be hurried.
    const hurried = (args: HorizontalPodAutoscalerArgs): HorizontalPodAutoscalerArgs => ({
      ...args,
      spec: output(args.spec).apply((spec) => {
        assert.equal(spec.behavior?.scaleDown?.stabilizationWindowSeconds, 300);
        return { ...spec, behavior: { scaleDown: { stabilizationWindowSeconds: 5 } } };
      }),
    });
    metrics.usage = { cpu: "400m", memory: "0" };
    const quick = await site("down-quickly", { transform: { autoscaler: hurried } });
    await quick.reach(7);
    metrics.usage = { cpu: "0", memory: "0" };
    await quick.reach(2);
  });
});
