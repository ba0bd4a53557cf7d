import * as aws from "@pulumi/aws";
import type * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import { requireSdks } from "../shared/sdk";
import { ecrRepository } from "./aws-ecr-repository";
import { type ImageReference, type ImageSource, releaseOf } from "./contract";

export interface AwsEcrImageArgs {
  /** Where the image comes from. @example { from: "registry", reference: "ghcr.io/acme/shop:1.4.2" } */
  readonly source: ImageSource;
  /**
   * Secrets for `RUN --mount=type=secret`, by id. They are in no layer.
   *
   * @default none
   * @example { npmrc: config.requireSecret("npmrc") }
   */
  readonly buildSecrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * What the image runs on; the task must say the same. `linux/arm64` costs a fifth less.
   *
   * @default linux/amd64
   * @example "linux/arm64"
   */
  readonly platform?: "linux/amd64" | "linux/arm64";
  /** Images that are kept for a way back. @default 30 @example 10 */
  readonly keepImages?: number;
  /**
   * `true`: refuse to delete the repository, and keep it when the stack is destroyed. `false`: delete it with the
   * images in it.
   *
   * @default neither; ECR refuses to delete what is not empty
   * @example true
   */
  readonly protect?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly repository?: Transform<aws.ecr.RepositoryArgs>;
    readonly image?: Transform<dockerBuild.ImageArgs>;
  };
}

/**
 * The application's image for ECS. One that exists in a registry is used as it is, and nothing is created. One that is
 * built here goes to an ECR repository of its own: immutable tags, scanned on push, the newest 30 kept, deployed by
 * digest.
 *
 * $0.10 a GiB and month in ECR (https://aws.amazon.com/ecr/pricing/).
 */
export class AwsEcrImage extends pulumi.ComponentResource implements ImageReference {
  readonly reference: pulumi.Output<string>;
  readonly release: pulumi.Output<string>;
  /** The ECR repository that the image's runtime must be allowed to read; absent for an image of another registry. */
  readonly repositoryArn: pulumi.Input<string> | undefined;

  constructor(name: string, args: AwsEcrImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:image:AwsEcrImage", name, {}, transforming(options, args.transform));
    const child = { parent: this };

    const repository = args.source.from === "build" ? createRepository() : undefined;
    this.reference = repository && args.source.from === "build" ? build(repository, args.source) : given();
    this.release = this.reference.apply(releaseOf);
    this.repositoryArn = args.source.from === "registry" ? ecrRepository(args.source.reference)?.arn : repository?.arn;
    this.registerOutputs({ reference: this.reference, release: this.release });

    function given(): pulumi.Output<string> {
      return pulumi.output(args.source.from === "registry" ? args.source.reference : "");
    }

    function createRepository(): aws.ecr.Repository {
      const made = new aws.ecr.Repository(
        ...childOf<aws.ecr.RepositoryArgs>(
          name,
          {
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "KMS" }],
            forceDelete: args.protect === false,
          },
          args.protect === true ? pulumi.mergeOptions(child, { protect: true, retainOnDelete: true }) : child,
          args.transform?.repository,
        ),
      );
      new aws.ecr.LifecyclePolicy(
        `${name}-lifecycle`,
        {
          repository: made.name,
          policy: JSON.stringify({
            rules: [
              {
                rulePriority: 1,
                description: "The newest images are the ways back",
                selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: args.keepImages ?? 30 },
                action: { type: "expire" },
              },
            ],
          }),
        },
        child,
      );
      return made;
    }

    function build(target: aws.ecr.Repository, source: ImageSource & { from: "build" }): pulumi.Output<string> {
      const token = aws.ecr.getAuthorizationTokenOutput({ registryId: target.registryId }, child);
      const { Image } = builder();
      const image = new Image(
        ...childOf<dockerBuild.ImageArgs>(
          name,
          {
            context: { location: source.context },
            dockerfile: { location: `${source.context}/${source.dockerfile ?? "Dockerfile"}` },
            ...(source.args === undefined ? {} : { buildArgs: source.args }),
            ...(args.buildSecrets === undefined ? {} : { secrets: args.buildSecrets }),
            platforms: [args.platform === "linux/arm64" ? "linux/arm64" : "linux/amd64"],
            push: false,
            // A preview must not take the minutes of a build.
            buildOnPreview: false,
            // By digest alone: a tag that cannot be moved would make the second push fail.
            exports: [{ image: { names: [target.repositoryUrl], push: true, pushByDigest: true } }],
            registries: [
              { address: target.repositoryUrl, username: token.userName, password: pulumi.secret(token.password) },
            ],
          },
          child,
          args.transform?.image,
        ),
      );
      return pulumi.interpolate`${target.repositoryUrl}@${image.digest}`;
    }
  }
}

/** Loaded by those who build. */
function builder(): typeof dockerBuild {
  requireSdks("AwsEcrImage that builds", ["@pulumi/docker-build"]);
  return require("@pulumi/docker-build") as typeof dockerBuild;
}
