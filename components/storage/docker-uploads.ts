import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";
import type { Storage, StorageArgs } from "./contract";
import { type ChildTransforms, transforming } from "../shared/transform";

export interface DockerUploadsArgs extends StorageArgs {
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * A volume for uploads on one Docker host, shared by its replicas. The image decides who may write: it brings the folder
 * `/data`, owned by its own user, and a new volume takes that owner over. Free.
 */
export class DockerUploads extends pulumi.ComponentResource implements Storage {
  /** Where a container mounts the volume. */
  static readonly folder = "/data";
  readonly bucket = pulumi.output(`file://${DockerUploads.folder}/uploads`);
  readonly volume: pulumi.Output<string>;
  readonly environment: Environment = { STORAGE_BUCKET: this.bucket };

  constructor(name: string, args: DockerUploadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:storage:DockerUploads", name, {}, transforming(opts, args.transform));
    const kept = { parent: this, protect: args.protect, retainOnDelete: args.protect };
    this.volume = new docker.Volume(`${name}-data`, { name: `${name}-data` }, kept).name;
    this.registerOutputs({ volume: this.volume });
  }
}
