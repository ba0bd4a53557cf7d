import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hardened, labels, neverStarted } from "./docker-container";
import { type ChildTransforms, transforming } from "./transform";

export interface DockerFilesArgs {
  /**
   * Contents by volume and file name. Who mounts a volume sees all of its files and nothing else.
   * @example { nginx: { "nginx.conf": text } }
   */
  readonly volumes: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
  /** Any image the host has anyway. Nothing of it is ever run. @example "valkey/valkey:8.1" */
  readonly image: pulumi.Input<string>;
  /** What the files are, for the label: `secrets` or `configuration`. @example "configuration" */
  readonly kind: string;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/** A volume with its files in it. */
export interface FilledVolume {
  readonly volume: pulumi.Output<string>;
  /** Changes with the content of any file: a container that reads files at its start carries it in a label. */
  readonly version: pulumi.Output<string>;
}

/**
 * Files in Docker volumes. The Docker engine copies files into a container that is created and not yet started, but only
 * where its root is writable; so one container is created to copy them into the volumes and is never started, and the
 * containers that read them keep a read-only root. The files survive a restart of the host.
 */
export class DockerFiles extends pulumi.ComponentResource {
  /** The same keys as in the arguments. */
  readonly volumes: Readonly<Record<string, FilledVolume>>;

  constructor(name: string, args: DockerFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:docker:Files", name, {}, transforming(opts, args.transform));
    const parent = { parent: this };
    const keys = Object.keys(args.volumes).sort();
    const volumes = new Map(
      keys.map((key) => [key, new docker.Volume(`${name}-${slug(key)}`, { name: `${name}-${slug(key)}` }, parent)]),
    );
    const writer = new docker.Container(
      `${name}-writer`,
      {
        ...hardened({ cpuMillis: 100, memoryMb: 16 }),
        readOnly: false,
        // No name of its own: the engine keeps a container whose files it refused, and its name with it.
        image: args.image,
        user: "65534:65534",
        ...neverStarted,
        labels: labels(args.kind),
        mounts: keys.map((key) => ({ type: "volume", target: folder(key), source: volumes.get(key)!.name })),
        uploads: keys.flatMap((key) =>
          Object.entries(args.volumes[key]!).map(([file, content]) => ({
            file: `${folder(key)}/${file}`,
            content,
            // Read by whatever user an image runs as; who can reach the file is decided by who mounts the volume.
            permissions: "0444",
          })),
        ),
      },
      // Said, as the provider would have it otherwise: deleting first takes along all who mount the files.
      { ...parent, deleteBeforeReplace: false },
    );
    this.volumes = Object.fromEntries(
      keys.map((key): [string, FilledVolume] => [
        key,
        {
          // Through the writer's id, so that nobody mounts the volume before it is filled.
          volume: pulumi.all([volumes.get(key)!.name, writer.id]).apply(([volume]) => volume),
          version: writer.id,
        },
      ]),
    );
    this.registerOutputs({});
  }
}

const slug = (name: string) => name.toLowerCase().replaceAll("_", "-");
const folder = (name: string) => `/files/${slug(name)}`;
