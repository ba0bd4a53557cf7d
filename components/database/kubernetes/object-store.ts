import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type Transform, transformed } from "../../shared/transform";

/** A bucket that speaks the S3 protocol. */
export interface ObjectStorage {
  /** @example "s3://acme-backups/shop-staging" */
  readonly destination: string;
  /** When a base backup starts, as five cron fields in UTC. The log is archived all the time. @example "15 3 * * *" */
  readonly cron: string;
  /** Address of an S3 API other than AWS. @example "https://minio.example.com" */
  readonly endpointUrl?: string;
  /**
   * Secret in the namespace with the keys `ACCESS_KEY_ID` and `ACCESS_SECRET_KEY`. Default: the IAM role of the servers'
   * ServiceAccount (IRSA or EKS Pod Identity), so that there is no key to leak.
   */
  readonly credentialsSecret?: string;
}

export interface ObjectStoreArgs extends ObjectStorage {
  readonly metadata: { readonly name: string; readonly namespace: Input<string> };
  readonly retentionDays: number;
}

/** Where the Barman Cloud plugin archives to: https://cloudnative-pg.io/plugin-barman-cloud/docs/concepts */
export function createObjectStore(
  { metadata, retentionDays, destination, endpointUrl, credentialsSecret }: ObjectStoreArgs,
  transform: Transform<CustomResourceArgs> | undefined,
  options: CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    metadata.name,
    transformed<CustomResourceArgs>(
      {
        apiVersion: "barmancloud.cnpg.io/v1",
        kind: "ObjectStore",
        metadata,
        spec: {
          retentionPolicy: `${retentionDays}d`,
          configuration: {
            destinationPath: destination,
            ...(endpointUrl === undefined ? {} : { endpointURL: endpointUrl }),
            s3Credentials:
              credentialsSecret === undefined
                ? { inheritFromIAMRole: true }
                : {
                    accessKeyId: { name: credentialsSecret, key: "ACCESS_KEY_ID" },
                    secretAccessKey: { name: credentialsSecret, key: "ACCESS_SECRET_KEY" },
                  },
            wal: { compression: "gzip" },
            data: { compression: "gzip" },
          },
        },
      },
      transform,
    ),
    options,
  );
}
