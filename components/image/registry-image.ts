import { output } from "@pulumi/pulumi";
import { type ImageReference, releaseOf } from "./contract";

/** An image that a registry has and that the target itself pulls. Give it by digest: a tag can move. */
export function registryImage(reference: string): ImageReference {
  return { reference: output(reference), release: output(releaseOf(reference)) };
}
