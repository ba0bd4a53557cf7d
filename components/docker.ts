/** The components for one Docker host: `import { ... } from "slipway/docker"`. */
import "./shared/sdks/docker";

export { DockerValkey, type DockerValkeyArgs } from "./cache/docker-valkey";
export { DockerPostgres, type DockerPostgresArgs } from "./database/docker/postgres";
export { ExternalPostgres, type ExternalPostgresArgs } from "./database/external-postgres";
export { DockerImage, type DockerImageArgs } from "./image/docker-image";
export { DockerNginx, type DockerNginxArgs } from "./ingress/docker/nginx";
export { DockerRouter, type DockerRouterArgs } from "./ingress/docker/router";
export { DockerExporters, type DockerExportersArgs } from "./monitoring/docker-exporters";
export { DockerGrafana, type DockerGrafanaArgs } from "./monitoring/docker-grafana";
export { DockerPrometheus, type DockerPrometheusArgs } from "./monitoring/docker-prometheus";
export { DockerNetworks, type DockerNetworksArgs } from "./network/docker-networks";
export { DockerSecrets, type DockerSecretsArgs } from "./secrets/docker-secrets";
export { DockerFiles, type DockerFilesArgs } from "./shared/docker-files";
export { DockerUploads, type DockerUploadsArgs } from "./storage/docker-uploads";
export { DockerService, type DockerServiceArgs } from "./workload/docker/service";
export { DockerJob, type DockerJobArgs } from "./workload/docker/job";
export { DockerWorker, type DockerWorkerArgs } from "./workload/docker/worker";
export type { DockerNetwork } from "./network/contract";
export type { Database } from "./database/contract";
export type { Cache } from "./cache/contract";
export type { Ingress } from "./ingress/contract";
export type { Process, ReleaseStrategy } from "./workload/contract";
export type { SecretRef, SecretSource } from "./secrets/contract";
export type { SignalSource, Thresholds } from "./monitoring/contract";
export type { Environment } from "./shared/environment";
export type { ChildTransforms, Transform } from "./shared/transform";
