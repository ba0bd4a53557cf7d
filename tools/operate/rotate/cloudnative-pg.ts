import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesOperations } from "../../../stacks/operations";
import type { Rotation } from "../../../stacks/rotations";
import { OperateError, type Stack } from "../contract";
import { parsed } from "../watched";
import type { RotateTools } from "./contract";

/**
 * The operator gives the role what is in the Secret. A pod's file follows within about a minute by itself; a changed
 * annotation makes its kubelet look at once, so that both happen within the time for which the application tries again.
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#mounted-configmaps-are-updated-automatically
 */
export async function rotateCloudNativePg(
  { operations }: Stack,
  { secret, cluster }: Extract<Rotation, { by: "cloudnative-pg" }>,
  { run, progress, pollSeconds }: RotateTools,
): Promise<string> {
  const { namespace, kind, name } = operations as KubernetesOperations;
  const kubectl = (args: readonly string[], input?: string) =>
    run("kubectl", ["--namespace", namespace, ...args], input);
  const get = async <T>(what: string) =>
    parsed<T>(await kubectl(["get", what, "--output", "json"]), `kubectl get ${what}`);

  const workload = `${kind === "Rollout" ? "rollouts.argoproj.io" : "deployments.apps"}/${name}`;
  const [{ data }, { spec }] = await Promise.all([
    get<{ data: Readonly<Record<string, string>> }>(`secrets/${secret}`),
    get<{ spec: { selector: { matchLabels: Readonly<Record<string, string>> } } }>(workload),
  ]);
  const [previous, next] = [decoded(data["password"] ?? ""), randomBytes(32).toString("hex")];
  if (previous === "") throw new OperateError(`the Secret ${secret} has no password`);
  // Addresses in it have the password as well. Through standard input: arguments are for every user to read.
  const values = Object.entries(data).map(([key, value]) => [key, decoded(value).replaceAll(previous, next)] as const);
  const patch = JSON.stringify({ stringData: Object.fromEntries(values.filter(([, value]) => value.includes(next))) });
  await kubectl(["patch", `secrets/${secret}`, "--type", "merge", "--patch-file", "/dev/stdin"], patch);
  const selector = Object.entries(spec.selector.matchLabels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const moment = `slipway/secret-changed-at=${new Date().toISOString()}`;
  await kubectl(["annotate", "pods", "--selector", selector, "--overwrite", moment]);
  progress("changed", `the Secret ${secret}`);

  const { metadata } = await get<{ metadata: { resourceVersion: string } }>(`secrets/${secret}`);
  for (const until = Date.now() + 120_000; ;) {
    const { status } = await get<ClusterStatus>(`clusters.postgresql.cnpg.io/${cluster}`);
    if (status.secretsResourceVersion?.applicationSecretVersion === metadata.resourceVersion) break;
    if (Date.now() > until)
      throw new OperateError(
        `CloudNativePG has not taken the Secret ${secret} within 2 minutes: kubectl describe cluster ${cluster}`,
      );
    await sleep(pollSeconds * 1000);
  }
  return "replicas read the new password at their next connection; what read it once, such as a client of yours, needs a restart";
}

const decoded = (text: string) => Buffer.from(text, "base64").toString("utf8");

interface ClusterStatus {
  readonly status: { readonly secretsResourceVersion?: { readonly applicationSecretVersion?: string } };
}
