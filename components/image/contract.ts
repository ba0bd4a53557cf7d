import type { Input, Output } from "@pulumi/pulumi";

/** The application's image, as the target pulls it. */
export interface ImageReference {
  /** `repository@sha256:…` wherever the digest is known, else `repository:tag`. */
  readonly reference: Output<string>;
  /** Name of the release for labels, dashboards and /api/ready. {@link releaseOf} where the reference is known. */
  readonly release: Output<string>;
}

export type ImageSource =
  | {
      /** An image that exists: `ghcr.io/acme/shop@sha256:…` or `ghcr.io/acme/shop:1.4.2`. */
      readonly from: "registry";
      readonly reference: string;
    }
  | {
      /** An image to build on this machine with the Docker engine. */
      readonly from: "build";
      /** Folder with the Dockerfile, relative to the project. */
      readonly context: string;
      readonly dockerfile?: string;
      /** For `--build-arg`. Never a secret: arguments stay readable in the image. */
      readonly args?: Readonly<Record<string, Input<string>>>;
    };

/** The first 12 digits of the digest, or the tag: `ghcr.io/acme/shop:1.4.2` is release `1.4.2`. */
export function releaseOf(reference: string): string {
  const [tagged, digest] = reference.split("@sha256:");
  return digest?.slice(0, 12) ?? tagged!.slice(tagged!.lastIndexOf(":") + 1);
}
