/** The components for Kubernetes: `import { ... } from "slipway/kubernetes"`. */
import "./shared/sdks/kubernetes";

export { KubernetesValkey, type KubernetesValkeyArgs } from "./cache/kubernetes-valkey";
export { ExternalPostgres, type ExternalPostgresArgs } from "./database/external-postgres";
export {
  KubernetesCloudNativePg,
  type KubernetesCloudNativePgArgs,
  type KubernetesExistingPostgresArgs,
} from "./database/kubernetes/cloudnative-pg";
export { KubernetesPrometheus, type KubernetesPrometheusArgs } from "./monitoring/kubernetes/prometheus";
export { KubernetesNamespace, type KubernetesNamespaceArgs } from "./network/kubernetes-namespace";
export { KubernetesSecrets, type KubernetesSecretsArgs } from "./secrets/kubernetes-secrets";
export { KubernetesService, type KubernetesServiceArgs } from "./workload/kubernetes/service";
export { KubernetesJob, type KubernetesJobArgs } from "./workload/kubernetes/job";
export { KubernetesWorker, type KubernetesWorkerArgs } from "./workload/kubernetes/worker";
export type { KubernetesNetwork } from "./network/contract";
export type { Database } from "./database/contract";
export type { Cache } from "./cache/contract";
export type { Ingress } from "./ingress/contract";
export type { Process, ReleaseStrategy } from "./workload/contract";
export type { SecretRef, SecretSource } from "./secrets/contract";
export type { SignalSource, Thresholds } from "./monitoring/contract";
export type { Environment } from "./shared/environment";
export type { ChildTransforms, Transform } from "./shared/transform";
