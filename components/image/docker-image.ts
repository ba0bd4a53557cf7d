import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { requireSdks } from "../shared/sdk";
import { type ImageReference, type ImageSource, releaseOf } from "./contract";
import { type ChildTransforms, transforming } from "../shared/transform";

type BuildSource = Extract<ImageSource, { from: "build" }>;

export interface DockerImageArgs {
  /** Where the image comes from. @example { from: "registry", reference: "ghcr.io/acme/shop:1.4.2" } */
  readonly source: ImageSource;
  /**
   * Secrets for `RUN --mount=type=secret`, by id. They are in no layer.
   *
   * @default none
   * @example { npmrc: config.requireSecret("npmrc") }
   */
  readonly buildSecrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Build by the engine's own legacy builder, which needs no plugin and knows no build secrets. @default false @example true */
  readonly legacyBuilder?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

/**
 * An image on this host: pulled, or built by this host's Docker engine. Either way the reference is the image's id, so
 * that a tag which moved, or a file which changed, means new containers. Free.
 */
export class DockerImage extends pulumi.ComponentResource implements ImageReference {
  readonly reference: pulumi.Output<string>;
  readonly release: pulumi.Output<string>;

  constructor(name: string, args: DockerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:image:DockerImage", name, {}, transforming(opts, args.transform));
    const { source } = args;
    const image =
      source.from === "registry"
        ? this.pulled(name, source.reference)
        : args.legacyBuilder === true
          ? this.builtByEngine(name, source)
          : this.built(name, source, args.buildSecrets ?? {});
    this.reference = image.imageId;
    this.release = source.from === "registry" ? pulumi.output(releaseOf(source.reference)) : image.imageId;
    this.registerOutputs({ reference: this.reference, release: this.release });
  }

  private pulled(name: string, reference: string): docker.RemoteImage {
    return new docker.RemoteImage(name, { name: reference, keepLocally: true }, { parent: this });
  }

  private builtByEngine(name: string, source: BuildSource): docker.RemoteImage {
    const { context, dockerfile = "Dockerfile", args } = source;
    const content = createHash("sha256")
      .update(readFileSync(join(context, dockerfile)))
      .digest("hex");
    return new docker.RemoteImage(
      name,
      {
        name: `${name}:built`,
        keepLocally: true,
        build: { context, dockerfile, buildArgs: args, useLegacyBuilder: true },
        // The provider sees no change inside of the context.
        triggers: { dockerfile: content },
      },
      { parent: this },
    );
  }

  private built(
    name: string,
    source: BuildSource,
    secrets: Readonly<Record<string, pulumi.Input<string>>>,
  ): docker.RemoteImage {
    const tag = `${name}:built`;
    const { Image } = builder();
    const image = new Image(
      `${name}-build`,
      {
        context: { location: source.context },
        dockerfile:
          source.dockerfile === undefined ? undefined : { location: `${source.context}/${source.dockerfile}` },
        buildArgs: source.args,
        secrets,
        tags: [tag],
        // The engine's own builder, through the docker client: any other would first pull an image of BuildKit.
        builder: { name: "default" },
        exec: true,
        push: false,
        load: true,
        // A preview that builds would take minutes and change the host.
        buildOnPreview: false,
      },
      { parent: this },
    );
    // What the engine made of it: the builder knows the context's hash, the engine the image's id.
    return new docker.RemoteImage(
      name,
      { name: tag, keepLocally: true, triggers: { context: image.contextHash, digest: image.digest } },
      { parent: this, dependsOn: [image] },
    );
  }
}

/** Loaded by those who build. */
function builder(): typeof dockerBuild {
  requireSdks("DockerImage that builds", ["@pulumi/docker-build"]);
  return require("@pulumi/docker-build") as typeof dockerBuild;
}
