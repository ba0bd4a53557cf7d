import type { Constraint } from "../settings/constraint";
import { problem } from "../settings/problems";

const releases: Constraint = ({ release: { strategy }, kubernetes }) => {
  if (strategy === "linear") {
    return problem(
      "release.strategy",
      strategy,
      "is what ECS calls a canary in equal steps: expected rolling, blue-green or canary",
    );
  }
  return strategy === "canary" && kubernetes.prometheusUrl === undefined
    ? problem("kubernetes.prometheusUrl", undefined, "is missing: a canary is judged by what Prometheus says of it")
    : [];
};

const backups: Constraint = ({ preset, database, kubernetes }) => {
  const { backupBucket, backupEndpoint, backupCredentialsSecret } = kubernetes;
  if (database.implementation !== "cloudnative-pg" || backupBucket !== undefined) return [];
  return [
    ...(preset === "production"
      ? problem(
          "kubernetes.backupBucket",
          undefined,
          "is missing: s3://bucket/path for the backups of a production database; or preset staging, which goes without, or an external database",
        )
      : []),
    ...Object.entries({ backupEndpoint, backupCredentialsSecret }).flatMap(([key, value]) =>
      value === undefined ? [] : problem(`kubernetes.${key}`, value, "is of no use without kubernetes.backupBucket"),
    ),
  ];
};

const rdsBeside: Constraint = ({ database }) =>
  database.implementation !== "rds"
    ? []
    : (["vpcId", "subnetIds", "clientSecurityGroupIds"] as const).flatMap((key) =>
        database[key] === undefined
          ? problem(`database.${key}`, undefined, "is missing: RDS beside Kubernetes lives in the cluster's VPC")
          : [],
      );

const ingress: Constraint = ({ kubernetes: { gateway, ingressClass } }) =>
  gateway !== undefined && ingressClass !== undefined
    ? problem(
        "kubernetes.ingressClass",
        ingressClass,
        "is of no use with kubernetes.gateway: an HTTPRoute has no class",
      )
    : [];

export const kubernetesConstraints: readonly Constraint[] = [releases, backups, rdsBeside, ingress];
