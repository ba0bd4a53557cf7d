import { z } from "zod";
import * as format from "../formats";
import { text, type SettingMeta } from "../formats";
import { annotations, clusterShape, labels } from "./kubernetes-cluster";

export const kubernetes = z
  .strictObject({
    namespace: text({ description: "Namespace, made by the stack." }, format.kubernetesName),
    gateway: text(
      {
        description: "Gateway for the HTTPRoute, as namespace/name. Without one: an Ingress.",
        example: "gateway-system/public",
      },
      format.matches(
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
        "expected namespace/name, such as gateway-system/public",
      ),
    ).optional(),
    ingressClass: text(
      { description: "Class of the Ingress, where there is no gateway.", example: "traefik" },
      format.kubernetesSubdomain,
    ).optional(),
    ingressNamespace: text(
      {
        description:
          "Namespace of the ingress controller or the gateway, whose pods alone may reach the application. Default: that of `kubernetes.gateway`, or where the class is put by its own chart; else production asks for it.",
      },
      format.kubernetesName,
    ).optional(),
    storageClass: text(
      { description: "Class of the database's volumes. Default: the cluster's own." },
      format.kubernetesSubdomain,
    ).optional(),
    backupBucket: text(
      {
        description: "Where CloudNativePG keeps backups. Without it there are none, and production refuses to start.",
        example: "s3://acme-backups/staging",
      },
      format.matches(
        /^(s3|gs):\/\/[a-z0-9._-]+(\/.*)?$|^https:\/\/[a-z0-9]+\.blob\.[a-z0-9.-]+\/[a-z0-9-]+(\/.*)?$/,
        "expected s3://bucket/path, gs://bucket/path or https://account.blob.core.windows.net/container/path",
      ),
    ).optional(),
    backupEndpoint: text(
      {
        description: "Address of the backups' S3 API. Default: that of AWS.",
        example: "https://minio.example.com:9000",
      },
      format.serverUrl("https", "http"),
    ).optional(),
    backupServerName: text(
      {
        description:
          "Folder of `backupBucket` for this cluster alone: Barman's server name. Default: of the namespace and of this making of the database. Manifests that are rendered know no making, and always say 1: give each cluster a name of its own where two share a bucket, and a new one when the database is made again.",
        example: "shop-eu-2",
      },
      format.kubernetesName,
    ).optional(),
    backupCredentialsSecret: text(
      {
        description:
          "Secret in the namespace for the backups' bucket: with ACCESS_KEY_ID and ACCESS_SECRET_KEY (S3), credentials (Google) or CONNECTION_STRING (Azure). Default: the cloud role of the servers' ServiceAccount.",
        example: "backup-keys",
      },
      format.kubernetesSubdomain,
    ).optional(),
    databaseAnnotations: annotations(
      "Annotations of the database servers' ServiceAccount: the cloud role that opens the backups' bucket.",
      { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop-backups" },
    ).optional(),
    serviceAnnotations: annotations(
      "Annotations of the application's ServiceAccount: the cloud role that opens its bucket, or the secret of RDS.",
      { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shop" },
    ).optional(),
    imagePullSecret: text(
      {
        description:
          "Secret of type kubernetes.io/dockerconfigjson in the namespace, for the application's image and those of `images`. Default: none.",
        example: "registry",
      },
      format.kubernetesSubdomain,
    ).optional(),
    operatorNamespace: text(
      { description: "Namespace of CloudNativePG's operator, which alone may steer the database." },
      format.kubernetesName,
    ),
    monitoringNamespace: text(
      { description: "Namespace of Prometheus and Grafana: Prometheus alone may read metrics." },
      format.kubernetesName,
    ),
    monitoringLabels: labels(
      "Labels by which Prometheus and Alertmanager choose what they read. Default: none, for those that take everything.",
      { release: "kube-prometheus-stack" },
    ).optional(),
    grafanaUrl: text(
      {
        description: "Address of Grafana. Default: the output `dashboard` is a port-forward.",
        example: "https://grafana.example.com",
      },
      format.httpsUrl,
    ).optional(),
    prometheusUrl: text(
      { description: "Prometheus that judges releases.", example: "http://prometheus.monitoring:9090" },
      format.serverUrl("http", "https"),
    ).optional(),
    ...clusterShape,
  })
  .meta({ on: ["kubernetes"], description: "What the stack finds in the cluster." } satisfies SettingMeta);
