import * as aws from "@pulumi/aws";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../shared/transform";
import { ecrRepository } from "./aws-ecr-repository";
import { type ImageReference, type ImageSource, releaseOf } from "./contract";

export interface AwsEcrImageArgs {
  readonly source: ImageSource;
  /** Secrets for `RUN --mount=type=secret`, by id. They are in no layer. Default: none. */
  readonly buildSecrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the image runs on; the task must say the same. Default: `linux/amd64`. `linux/arm64` costs a fifth less. */
  readonly platform?: "linux/amd64" | "linux/arm64";
  /** Images that are kept for a way back. Default: 30. */
  readonly keepImages?: number;
  /**
   * `true`: refuse to delete the repository, and keep it when the stack is destroyed. `false`: delete it with the images in it.
   * Default: neither; ECR refuses to delete what is not empty.
   */
  readonly protect?: boolean;
  readonly transform?: {
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
    super("slipway:image:AwsEcrImage", name, {}, options);
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
        name,
        transformed<aws.ecr.RepositoryArgs>(
          {
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "KMS" }],
            forceDelete: args.protect === false,
          },
          args.transform?.repository,
        ),
        args.protect === true ? pulumi.mergeOptions(child, { protect: true, retainOnDelete: true }) : child,
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
      const image = new dockerBuild.Image(
        name,
        transformed<dockerBuild.ImageArgs>(
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
          args.transform?.image,
        ),
        child,
      );
      return pulumi.interpolate`${target.repositoryUrl}@${image.digest}`;
    }
  }
}
