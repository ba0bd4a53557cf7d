import type { TargetDefinition } from "../targets";
import { ingressIsAnyPod, kubernetesConstraints } from "./constraints";
import { canaryOfPods, withoutEffect } from "./warnings";

/** Any Kubernetes cluster with the operators of docs/kubernetes.md. */
export const kubernetesTarget: TargetDefinition<"kubernetes"> = {
  implementations: {
    database: ["cloudnative-pg", "rds", "external", "none"],
    cache: ["kubernetes", "external", "none"],
    cdn: ["none"],
    storage: ["none", "volume", "external"],
  },
  reason: "a cluster reaches what runs in it, RDS in its VPC, or a server that exists",
  reasons: {
    "aurora-serverless-v2": "the stack makes RDS beside a cluster, and no Aurora; a cluster that exists is external",
    elasticache: "its password is in Secrets Manager, which a pod cannot mount; use one that exists, as external",
    s3: "the stack knows no role that the cluster's pods could take; name a bucket that exists, as external",
    cloudfront: "the ingress address is the cluster's; put CloudFront in front of it yourself",
  },
  preset: (common) => ({ ...common, cache: { ...common.cache, standby: false } }),
  constraints: kubernetesConstraints,
  warnings: [
    ({ database, kubernetes }) =>
      database.implementation === "cloudnative-pg" && kubernetes.backupBucket === undefined
        ? "the database has no backups outside the cluster. slipway:kubernetes.backupBucket"
        : undefined,
    ({ kubernetes }) =>
      ingressIsAnyPod(kubernetes)
        ? "any pod of the cluster may reach the application. slipway:kubernetes.ingressNamespace, of the ingress controller"
        : undefined,
    canaryOfPods,
    withoutEffect,
    ({ storage }) =>
      storage.implementation === "none"
        ? "uploads are lost when a replica ends. slipway:storage.implementation: external, with a bucket, or volume"
        : undefined,
  ],
  place: "any cluster",
  regional: false,
  unpriced: "your cluster",
  sdks: ["@pulumi/kubernetes"],
  load: () => (require("./stack") as typeof import("./stack")).kubernetes,
};
