import type { Resource } from "../../resource";
import type { Value } from "../../value";

/** `Deployment` of `kubernetes:apps/v1:Deployment` and of its `…Patch`. */
export function kindOf(resource: Resource): string {
  return (resource.type.split(":").at(-1) ?? "").replace(/Patch$/, "");
}

/** Matches kinds in any version of their group, and patches of them. */
export function kinds(group: string, ...names: readonly string[]): RegExp {
  return new RegExp(`^kubernetes:${group}/[^:/]+:(${names.join("|")})(Patch)?$`);
}

export const deployment = kinds("(apps|extensions)", "Deployment");
export const statefulSet = kinds("apps", "StatefulSet");
export const rollout = kinds("argoproj\\.io", "Rollout");
export const networkPolicy = kinds("(networking\\.k8s\\.io|extensions)", "NetworkPolicy");
export const ciliumPolicy = kinds("cilium\\.io", "CiliumNetworkPolicy");
export const disruptionBudget = kinds("policy", "PodDisruptionBudget");
export const autoscaler = kinds("autoscaling", "HorizontalPodAutoscaler");
export const scaledObject = kinds("keda\\.sh", "ScaledObject");
export const postgresCluster = kinds("postgresql\\.cnpg\\.io", "Cluster");

/** Kinds that run pods, directly or by way of a template. */
export const workloads = [
  kinds("core", "Pod", "PodTemplate", "ReplicationController"),
  kinds("(apps|extensions)", "Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"),
  kinds("batch", "Job", "CronJob"),
  rollout,
  kinds("argoproj\\.io", "WorkflowTemplate"),
  kinds("serving\\.knative\\.dev", "Service"),
] as const;

/** The template of the pods that a workload runs: their metadata and their spec. */
export function podTemplate(workload: Resource): Value {
  switch (kindOf(workload)) {
    case "Pod":
      return workload.root;
    case "PodTemplate":
      return workload.get("template");
    case "CronJob":
      return workload.get("spec", "jobTemplate", "spec", "template");
    default:
      return workload.get("spec", "template");
  }
}

export function podSpec(workload: Resource): Value {
  return podTemplate(workload).get("spec");
}

/** A Rollout may take its pods from a Deployment, which is judged itself. */
export function borrowsItsPods(workload: Resource): boolean {
  return workload.get("spec", "workloadRef").present && !podTemplate(workload).present;
}

/** Every container of a pod: those that run on, those that run first, those that somebody adds to look inside. */
export function containers(workload: Resource): Value[] {
  if (borrowsItsPods(workload)) return [];
  const spec = podSpec(workload);
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((list) => spec.get(list).items());
}

/** The containers that serve; init containers only when they stay on as sidecars. */
export function servingContainers(workload: Resource): Value[] {
  if (borrowsItsPods(workload)) return [];
  const sidecars = podSpec(workload)
    .get("initContainers")
    .items()
    .filter((init) => init.get("restartPolicy").is("Always"));
  return [...podSpec(workload).get("containers").items(), ...sidecars];
}

/** Windows has none of these Linux settings, and refuses pods that use them. */
export function isWindows(workload: Resource): boolean {
  return podSpec(workload).get("os", "name").is("windows");
}

export function namespaceOf(resource: Resource): Value {
  return resource.get("metadata", "namespace");
}
