import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { restrictedContainer, restrictedPod } from "../../../../components/shared/kubernetes-pod";
import type { Answer } from "../contract";
import { type Facts, kubectl, missing, present, unknown } from "./facts";
import { documentation } from "../../../../components/shared/documentation";

/** Serves, and tries to connect. https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost */
const image = "registry.k8s.io/e2e-test-images/agnhost:2.53";
const port = 8080;

interface Pod {
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * Whether a policy is enforced: a pod that reached another must not any more, once a policy denies it. In a namespace of
 * its own, which is removed. What the pods found is in their phase.
 */
export async function probePolicies(facts: Facts, seconds = { ready: 120, settle: 5 }): Promise<Answer> {
  const namespace = `slipway-doctor-${randomBytes(3).toString("hex")}`;
  const { cluster } = facts;
  try {
    await cluster.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const pod = (name: string, args: readonly string[]) =>
      cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace, labels: { app: name } },
        spec: {
          ...restrictedPod(65_534, {
            restartPolicy: "Never",
            containers: [
              restrictedContainer({ name: "probe", image, args: [...args], size: { cpuMillis: 20, memoryMb: 32 } }),
            ],
          }),
        },
      });
    const until = async (name: string, done: (pod: Pod) => boolean): Promise<Pod | undefined> => {
      for (let left = seconds.ready; left > 0; left--) {
        const found = JSON.parse(
          await cluster.kubectl("--namespace", namespace, "get", "pod", name, "--output", "json"),
        ) as Pod;
        if (done(found)) return found;
        await sleep(1000);
      }
      return undefined;
    };
    const connects = async (name: string, address: string): Promise<boolean | undefined> => {
      await pod(name, ["connect", `${address.includes(":") ? `[${address}]` : address}:${port}`, "--timeout=5s"]);
      const ended = await until(name, ({ status }) => /^(Succeeded|Failed)$/.test(status?.phase ?? ""));
      return ended && ended.status?.phase === "Succeeded";
    };

    await pod("server", ["netexec", `--http-port=${port}`]);
    const server = await until("server", ({ status }) =>
      (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    if (server?.status?.podIP === undefined)
      return unknown(`the probe's pod (${image}) did not start in ${seconds.ready} s`);
    if ((await connects("before", server.status.podIP)) !== true) {
      return unknown("the probe's pods do not reach each other even without a policy");
    }
    await cluster.apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    await sleep(seconds.settle * 1000);
    const after = await connects("after", server.status.podIP);
    if (after === undefined) return unknown(`the probe's second pod did not end in ${seconds.ready} s`);
    return after
      ? missing(
          "tried: a pod reached another although a policy denies it",
          `# Calico, Cilium, or the cloud's own with policies switched on: ${documentation("kubernetes.md#clusters-that-differ")}`,
        )
      : present("tried: a pod reached another before a policy denied it, and not after");
  } finally {
    await cluster
      .kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
      .catch(() => console.error(`left behind: ${kubectl(facts, "delete", "namespace", namespace)}`));
  }
}
