import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { cpuQuantity, mebibytes } from "../../shared/kubernetes-quantity";
import { child as childOf, type Transform } from "../../shared/transform";

/** A bucket: of S3 or its like, of Google Cloud Storage, or a container of Azure Blob Storage. */
export interface ObjectStorage {
  /** @example "s3://acme-backups/shop", "gs://acme-backups/shop", "https://acme.blob.core.windows.net/backups/shop" */
  readonly destination: string;
  /** When a base backup starts, as five cron fields in UTC. The log is archived all the time. @example "15 3 * * *" */
  readonly cron: string;
  /**
   * Folder of the destination for this cluster alone, as Barman calls it. Default: of the namespace, the name and this making of
   * the cluster. Of use where several clusters without one state, as from rendered manifests, share a bucket. @example "shop-eu-2"
   */
  readonly serverName?: string;
  /** Address of an S3 API other than AWS. @example "https://minio.example.com" */
  readonly endpointUrl?: string;
  /**
   * Secret in the namespace: for S3 with the keys `ACCESS_KEY_ID` and `ACCESS_SECRET_KEY`, for Google with `credentials`
   * (the JSON of a service account), for Azure with `CONNECTION_STRING`. Default: the role of the servers' ServiceAccount
   * (IRSA or EKS Pod Identity, Workload Identity of GKE or AKS), so that there is no key to leak.
   */
  readonly credentialsSecret?: string;
  /** CPU of the sidecar in each server's pod that archives, in thousandths. Default: a quarter of the server's, 250 at least. */
  readonly cpuMillis?: number;
  /** Memory of that sidecar, in MiB. Default: 256. */
  readonly memoryMb?: number;
}

export interface ObjectStoreArgs extends ObjectStorage {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly retentionDays: number;
}

/** Where the Barman Cloud plugin archives to: https://cloudnative-pg.io/plugin-barman-cloud/docs/concepts */
export function createObjectStore(
  { metadata, retentionDays, destination, endpointUrl, credentialsSecret, ...size }: ObjectStoreArgs,
  transform: Transform<CustomResourceArgs> | undefined,
  options: CustomResourceOptions,
): CustomResource {
  const sidecar = { cpu: cpuQuantity(size.cpuMillis ?? 250), memory: mebibytes(size.memoryMb ?? 256) };
  return new CustomResource(
    ...childOf<CustomResourceArgs>(
      metadata.name,
      {
        apiVersion: "barmancloud.cnpg.io/v1",
        kind: "ObjectStore",
        metadata,
        spec: {
          retentionPolicy: `${retentionDays}d`,
          configuration: {
            destinationPath: destination,
            ...(endpointUrl === undefined ? {} : { endpointURL: endpointUrl }),
            ...credentials(destination, credentialsSecret),
            wal: { compression: "gzip" },
            data: { compression: "gzip" },
          },
          // The sidecar in each server's pod. Without these the namespace's default would be its limit.
          instanceSidecarConfiguration: { resources: { requests: sidecar, limits: sidecar } },
        },
      },
      options,
      transform,
    ),
  );
}

/** By the kind of place that the address names. */
function credentials(destination: string, secret: string | undefined): object {
  const key = (name: string) => ({ name: secret, key: name });
  if (destination.startsWith("gs://")) {
    return {
      googleCredentials:
        secret === undefined ? { gkeEnvironment: true } : { applicationCredentials: key("credentials") },
    };
  }
  if (destination.startsWith("https://")) {
    return {
      azureCredentials:
        secret === undefined ? { inheritFromAzureAD: true } : { connectionString: key("CONNECTION_STRING") },
    };
  }
  return {
    s3Credentials:
      secret === undefined
        ? { inheritFromIAMRole: true }
        : { accessKeyId: key("ACCESS_KEY_ID"), secretAccessKey: key("ACCESS_SECRET_KEY") },
  };
}
