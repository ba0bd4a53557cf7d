import type { KubernetesOperations } from "../../../stacks/operations";
import { type Driver, OperateError, type Progressing, type Stack } from "../contract";
import { lastRestoredOf } from "../data/contract";
import { attached, printed } from "../stack";
import { receiptsOf } from "../../plan/read-receipt";
import type { Receipt } from "../../plan/receipt";
import { parsed, type Run, watchedRelease } from "../watched";

/** The cluster's controllers carry a release out, and Argo Rollouts judges it; this asks how it goes, by `kubectl`. */
export function kubernetesDriver(
  stack: Stack<KubernetesOperations>,
  run: Run = printed,
  terminal = attached,
  pollSeconds = 5,
): Driver {
  const { namespace, kind, name, container, image } = stack.operations;
  const resource = `${kind === "Rollout" ? "rollouts.argoproj.io" : "deployments.apps"}/${name}`;
  const inNamespace = (...args: readonly string[]) => run("kubectl", ["--namespace", namespace, ...args]);
  const workload = async () =>
    parsed<Workload>(await inNamespace("get", resource, "--output", "json"), `kubectl get ${resource}`);

  async function state(): Promise<Progressing> {
    const { metadata, spec, status = {} } = await workload();
    const conditions = status.conditions ?? [];
    // Argo Rollouts writes its generation as text.
    if (Number(status.observedGeneration ?? 0) < metadata.generation)
      return { state: "progressing", reason: "not yet seen by the controller" };
    if (kind === "Rollout") {
      const { phase = "Progressing", message = "", abort = false } = status;
      const reason = message === "" ? phase : `${phase}: ${message}`;
      if (phase === "Healthy") return { state: "released", reason };
      return { state: phase === "Degraded" || abort ? "returned" : "progressing", reason };
    }
    const stuck = conditions.find(({ type, status: is }) => type === "Progressing" && is === "False");
    if (stuck !== undefined) return { state: "returned", reason: `${stuck.reason}: ${stuck.message}` };
    const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status;
    const wanted = spec.replicas ?? 1;
    const reason = `${updatedReplicas} of ${wanted} new, ${availableReplicas} available`;
    const done = updatedReplicas >= wanted && replicas === updatedReplicas && availableReplicas >= wanted;
    return { state: done ? "released" : "progressing", reason };
  }

  async function lastRestored() {
    if (stack.operations.backups === undefined) return {};
    const { kubernetesData } = require("../data/kubernetes") as typeof import("../data/kubernetes");
    return lastRestoredOf(() => kubernetesData(stack, { run }));
  }

  /** Receipts are a ConfigMap beside the workload, a key each. */
  const configMap = `${name}-receipts`;

  async function keptReceipts(): Promise<Readonly<Record<string, string>> | undefined> {
    const text = await inNamespace("get", "configmap", configMap, "--ignore-not-found", "--output", "json");
    return text === ""
      ? undefined
      : (parsed<{ data?: Record<string, string> }>(text, "kubectl get configmap").data ?? {});
  }

  async function keep(receipt: Receipt): Promise<void> {
    const before = await keptReceipts();
    if (before === undefined) await inNamespace("create", "configmap", configMap);
    const old = Object.keys(before ?? {})
      .sort()
      .slice(0, -(keptCount - 1));
    const data = {
      ...Object.fromEntries(old.map((key) => [key, null])),
      [`${receipt.startedAt.replaceAll(":", "-")}.json`]: JSON.stringify(receipt),
    };
    await inNamespace("patch", "configmap", configMap, "--type", "merge", "--patch", JSON.stringify({ data }));
  }

  return {
    progress: state,

    release: (options, progress) =>
      watchedRelease(
        stack,
        {
          ...{ keep, lastRestored },
          strategy: kind === "Rollout" ? "argo-rollouts" : "rolling",
          judge: kind === "Rollout" ? "the Rollout's analysis" : "readiness of the new pods",
          ...{ pollSeconds, state },
        },
        options,
        progress,
      ),

    async rollback(_, progress) {
      const { state: now } = await state();
      if (kind !== "Rollout" || now !== "progressing") {
        throw new OperateError(`no release of ${stack.name} can be ended: slipway release ${stack.name} --image REF`);
      }
      // What `kubectl argo rollouts abort` does.
      const patch = [
        "patch",
        resource,
        "--subresource",
        "status",
        "--type",
        "merge",
        "--patch",
        '{"status":{"abort":true}}',
      ];
      await inNamespace(...patch);
      progress("returned", "asked Argo Rollouts to abort");
      throw new OperateError("Argo Rollouts goes back to the stable release; slipway status says when it has ended");
    },

    async status() {
      const { metadata, spec, status = {} } = await workload();
      const { state: now, reason } = await state();
      return {
        releases: [
          {
            ...{
              name: "stable",
              image,
              weight: 100,
              replicas: spec.replicas ?? 1,
              healthy: status.availableReplicas ?? 0,
            },
            since: metadata.creationTimestamp,
          },
        ],
        leftOver: now === "released" ? [] : [reason],
        receipts: receiptsOf(Object.values((await keptReceipts()) ?? {})),
        ...(await lastRestored()),
      };
    },

    async logs({ follow, since }) {
      const { spec } = await workload();
      const selector = Object.entries(spec.selector.matchLabels).map(([label, value]) => `${label}=${value}`);
      const where = ["--namespace", namespace, "logs", "--selector", selector.join(","), "--container", container];
      return terminal("kubectl", [
        ...where,
        "--prefix",
        "--since",
        since,
        "--tail",
        "-1",
        ...(follow ? ["--follow"] : []),
      ]);
    },

    async exec(command) {
      const { spec } = await workload();
      const selector = Object.entries(spec.selector.matchLabels)
        .map(([label, value]) => `${label}=${value}`)
        .join(",");
      const query = ["get", "pods", "--selector", selector, "--field-selector", "status.phase=Running"];
      const first = ["--output", "jsonpath={.items[0].metadata.name}"];
      const pod = await inNamespace(...query, ...first);
      if (pod === "") throw new OperateError(`no pod of ${stack.name} runs`);
      const tty = process.stdin.isTTY ? ["--stdin", "--tty"] : ["--stdin"];
      return terminal("kubectl", [
        "--namespace",
        namespace,
        "exec",
        ...tty,
        pod,
        "--container",
        container,
        "--",
        ...command,
      ]);
    },
  };
}

/** A ConfigMap holds 1 MiB: https://kubernetes.io/docs/concepts/configuration/configmap/ */
const keptCount = 20;

interface Workload {
  readonly metadata: { readonly generation: number; readonly creationTimestamp: string };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  };
  readonly status?: {
    readonly observedGeneration?: number | string;
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
}
