import { strict as assert } from "node:assert";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import { customResources, type Plan } from "../../tools/plan/plan";
import { manifests } from "../../tools/readers/render/kubernetes-objects";
import { record } from "../record";
import { filled } from "./as-pulumi";
import { ControlPlane, eventually } from "./control-plane";
import { poolerLabels, serverLabels } from "./connections";
import { installDefinitions } from "./definitions";
import { startRollouts } from "./rollouts";
import { controlPlane, missingPrograms } from "./programs";
import { needs } from "../project";
import { variants } from "./variants";
import { startWebhooks } from "./webhooks";

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Live {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly observedGeneration?: number | string;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
  };
}

interface Event {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

/**
 * What nothing in this bed can give: metrics of pods, and volumes before the test has made them. What the API server says of
 * its own allocator, which looks before it has seen a Service. And what `kubectl create job --from` always brings about.
 */
const expectedWarnings =
  /^(FailedGet\w*Metric|FailedComputeMetricsReplicas|FailedScheduling|ProvisioningFailed|ClusterIPNotAllocated|UnexpectedJob)$/;

describe("Kubernetes, thirty stacks on a cluster with its controllers and the operators' own webhooks", function () {
  this.timeout(180_000);
  const plans = new Map<string, Plan>();
  let plane: ControlPlane;

  before(async function () {
    this.timeout(300_000);
    // Ten minutes: asked for after a change of what is rendered, as docs/kubernetes.md says.
    if (process.env["SLIPWAY_VARIANTS"] !== "1") {
      console.log("      not run: SLIPWAY_VARIANTS=1 asks for it");
      this.skip();
    }
    needs(this, missingPrograms(...controlPlane, "rollouts-controller"));
    for (const [name, file] of Object.entries(variants)) {
      plans.set(name, await record(() => runStack(resolveSettings("test", file, {}))));
    }
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    // The largest stack asks for 116 CPUs, and the one before may not be gone yet.
    await plane.startControllers(12);
    await startRollouts(plane);
    console.log(`      asked before anything is stored: ${(await startWebhooks(plane)).join(", ")}`);
    await plane.kubectl(["label", "node", "--all", "kubernetes.io/arch=arm64"]);
  });

  after(async () => plane?.stop());

  for (const name of Object.keys(variants)) {
    it(`${name}: all of it is taken, and runs`, async () => {
      const plan = plans.get(name)!;
      const objects = objectsOf(plan);
      if (name === "existing-namespace") await platformNamespace(plane, name);
      await apply(plane, objects);
      await eventually("all replicas are there", () => runs(plane, name), 60);
      const database = objects.find(({ kind }) => kind === "Cluster");
      // Without the plugin's own server the operator makes no server that is to be backed up.
      if (database !== undefined && !JSON.stringify(database).includes("barman")) {
        await eventually("the operator has made a server", async () => {
          await provision(plane, name);
          return (await plane.list(name, "pods", selectorOf(serverLabels))).length > 0;
        });
        await eventually("poolers are there", async () => {
          const poolers = await plane.list<Live>(name, "deployments", "cnpg.io/poolerName");
          const pods = await plane.list(name, "pods", selectorOf(poolerLabels));
          return pods.length >= 2 && poolers.every(({ status }) => status?.availableReplicas === 2);
        });
      }
      for (const { metadata } of objects.filter(({ kind }) => kind === "CronJob")) {
        await plane.kubectl(["-n", name, "create", "job", `--from=cronjob/${metadata.name}`, "by-hand"]);
        await plane.kubectl(["-n", name, "wait", "--for=condition=Complete", "job/by-hand", "--timeout=30s"]);
        await plane.kubectl(["-n", name, "delete", "job", "by-hand"]);
      }

      const before = await generations(plane, objects);
      await apply(plane, objects);
      assert.equal(await generations(plane, objects), before, "the second time changes nothing");

      const warnings = (await plane.list<Event & { readonly type: string }>(name, "events"))
        .filter(({ type, reason }) => type === "Warning" && !expectedWarnings.test(reason))
        .map(
          ({ reason, involvedObject, message }) =>
            `${reason} ${involvedObject.kind}/${involvedObject.name}: ${message}`,
        );
      assert.deepEqual(warnings, []);
      // The nodes are for the next one.
      await plane.kubectl(["delete", "namespace", name, "--wait=false"]);
    });
  }
});

const selectorOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

/** As a pipeline for GitOps has them, and each Secret with some value. */
function objectsOf(plan: Plan): KubernetesObject[] {
  const rendered = manifests(plan).flatMap(({ object }) =>
    object === undefined ? [] : [object as unknown as KubernetesObject],
  );
  const secrets = customResources(plan)
    .filter(({ inputs }) => inputs["kind"] === "Secret")
    .map(({ inputs }) => {
      const object = filled(inputs) as KubernetesObject & { readonly stringData?: unknown };
      // Of a Secret that is one as a whole the plan holds no key.
      return typeof object.stringData === "string" ? { ...object, stringData: { value: "secret" } } : object;
    });
  const namespaces = rendered.filter(({ kind }) => kind === "Namespace");
  return [...namespaces, ...secrets, ...rendered.filter(({ kind }) => kind !== "Namespace")];
}

async function apply(plane: ControlPlane, objects: readonly KubernetesObject[]): Promise<void> {
  const items = { apiVersion: "v1", kind: "List", items: objects };
  await plane.kubectl(["apply", "--server-side", "--validate=strict", "-f", "-"], JSON.stringify(items));
}

async function generations(plane: ControlPlane, objects: readonly KubernetesObject[]): Promise<string> {
  const list = { apiVersion: "v1", kind: "List", items: objects };
  const columns = "custom-columns=:kind,:metadata.name,:metadata.generation";
  return plane.kubectl(["get", "-f", "-", "-o", columns], JSON.stringify(list));
}

async function runs(plane: ControlPlane, namespace: string): Promise<boolean> {
  await provision(plane, namespace);
  const deployments = await plane.list<Live>(namespace, "deployments", "!cnpg.io/poolerName");
  const rollouts = await plane.list<Live>(namespace, "rollouts");
  const autoscalers = await plane.list<Live & { readonly spec: { readonly minReplicas: number } }>(namespace, "hpa");
  const waiting = [...deployments, ...rollouts].filter(({ metadata, spec, status }) => {
    const { availableReplicas = 0, updatedReplicas = 0, phase, observedGeneration } = status ?? {};
    if (phase === "Degraded" || phase === "Invalid") throw new Error(JSON.stringify(status));
    return !(
      observedGeneration !== undefined &&
      // A Deployment begins with one, and the autoscaler makes it the rest.
      (spec.replicas ?? 1) >=
        (autoscalers.find((each) => each.metadata.name === metadata.name)?.spec.minReplicas ?? 1) &&
      updatedReplicas === spec.replicas &&
      availableReplicas === spec.replicas &&
      (phase ?? "Healthy") === "Healthy"
    );
  });
  if (waiting.length === 0) return deployments.length + rollouts.length > 0;
  throw new Error(waiting.map(({ metadata, status }) => `${metadata.name}: ${JSON.stringify(status)}`).join("\n"));
}

/** A volume for each claim that has none, as a storage class's provisioner makes it. */
async function provision(plane: ControlPlane, namespace: string): Promise<void> {
  const claims = await plane.list<{
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly volumeName?: string;
      readonly accessModes: string[];
      readonly storageClassName?: string;
      readonly resources: { readonly requests: object };
    };
  }>(namespace, "persistentvolumeclaims");
  const unbound = claims.filter(({ spec }) => spec.volumeName === undefined);
  if (unbound.length === 0) return;
  await plane.apply(
    unbound.map(({ metadata, spec }) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `${namespace}-${metadata.name}` },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        ...(spec.storageClassName === undefined ? {} : { storageClassName: spec.storageClassName }),
        claimRef: { namespace, name: metadata.name },
        hostPath: { path: "/none" },
      },
    })),
  );
}

/** What a platform's team gives a team: a quota that every pod must state its size for, limits, and an account. */
async function platformNamespace(plane: ControlPlane, namespace: string): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  const metadata = { name: "platform", namespace };
  await plane.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "shop", namespace } },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata,
      spec: {
        hard: {
          "requests.cpu": "20",
          "requests.memory": "40Gi",
          "limits.cpu": "40",
          "limits.memory": "60Gi",
          pods: "50",
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata,
      spec: {
        limits: [{ type: "Container", default: { cpu: "1", memory: "1Gi" }, max: { cpu: "8", memory: "16Gi" } }],
      },
    },
  ]);
}
