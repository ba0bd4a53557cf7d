import { PersistentVolumeClaim, type PersistentVolumeClaimArgs } from "@pulumi/kubernetes/core/v1";
import { type Input, ComponentResource, output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { KubernetesNetwork } from "../network/contract";
import type { Environment } from "../shared/environment";
import { gibibytes } from "../shared/kubernetes-quantity";
import { child as childOf, type Transform } from "../shared/transform";
import type { Storage, StorageArgs } from "./contract";

export interface KubernetesUploadsArgs extends StorageArgs {
  readonly network: KubernetesNetwork;
  /** In GiB. Default: 20. @example 100 */
  readonly sizeGb?: number;
  /** A class whose volumes several nodes can write (`ReadWriteMany`), such as EFS, Filestore, Azure Files or NFS. */
  readonly storageClass?: Input<string>;
  readonly transform?: { readonly claim?: Transform<PersistentVolumeClaimArgs> };
}

/**
 * A volume for uploads that all replicas mount, on whatever nodes they run. Most classes are for one node alone; where none
 * of the cluster's can be shared, pods stay pending: use a bucket. Costs what the class costs.
 */
export class KubernetesUploads extends ComponentResource implements Storage {
  readonly bucket = output("file:///data/uploads");
  readonly environment: Environment = { STORAGE_BUCKET: this.bucket };
  /** For `uploadsClaim` of the service. */
  readonly claim: Output<string>;

  constructor(name: string, args: KubernetesUploadsArgs, options?: ComponentResourceOptions) {
    super("slipway:storage:KubernetesUploads", name, {}, options);
    const { network, sizeGb = 20, storageClass, protect, transform } = args;
    this.claim = new PersistentVolumeClaim(
      ...childOf<PersistentVolumeClaimArgs>(
        `${name}-claim`,
        {
          metadata: {
            name,
            namespace: network.namespace,
            // A class may bind only once a pod mounts it, and pods come after.
            annotations: { "pulumi.com/skipAwait": "true" },
          },
          spec: {
            accessModes: ["ReadWriteMany"],
            resources: { requests: { storage: gibibytes(sizeGb) } },
            ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          },
        },
        { parent: this, protect, retainOnDelete: protect },
        transform?.claim,
      ),
    ).metadata.name;
    this.registerOutputs({ claim: this.claim });
  }
}
