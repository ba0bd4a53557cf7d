import { words } from "./words";

/** Every kind, custom ones included: an object's identity cannot be edited. */
const identity = words("apiVersion kind metadata.name metadata.namespace");

const workload = words("spec.selector");

/**
 * `forceNew` of pulumi-kubernetes 4 at 94977969, provider/pkg/provider/diff.go, with the provider's
 * defaults: without `enableSecretMutable` and `enableConfigMapMutable`, new data is a new object.
 */
const byKind: Readonly<Record<string, readonly string[]>> = {
  "apps/v1:DaemonSet": workload,
  "apps/v1:Deployment": workload,
  "apps/v1:StatefulSet": words(
    "spec.podManagementPolicy spec.revisionHistoryLimit spec.selector spec.serviceName spec.volumeClaimTemplates",
  ),
  "batch/v1:Job": words("spec.completions spec.parallelism spec.selector spec.template"),
  "core/v1:ConfigMap": words("binaryData data"),
  "core/v1:PersistentVolumeClaim": words("spec.accessModes spec.selector spec.storageClassName spec.volumeName"),
  "core/v1:Pod": words("spec"),
  "core/v1:ResourceQuota": words("spec.scopes"),
  "core/v1:Secret": words("data stringData type"),
  "core/v1:Service": words("spec.clusterIP"),
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": words("roleRef"),
  "rbac.authorization.k8s.io/v1:RoleBinding": words("roleRef"),
  "storage.k8s.io/v1:StorageClass": words("parameters provisioner"),
};

/** Kinds that the provider implements by its own rules, which are not in that table. */
const notObjects = /^kubernetes:(helm\.sh|yaml|kustomize)\//;

export function kubernetesReplacements(type: string): readonly string[] | undefined {
  if (notObjects.test(type)) return undefined;
  return [...identity, ...(byKind[type.replace(/^kubernetes:/, "").replace(/Patch$/, "")] ?? [])];
}
