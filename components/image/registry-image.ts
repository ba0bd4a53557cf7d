import { output } from "@pulumi/pulumi";
import type { ImageReference } from "./contract";

/** An image that a registry has and that the target itself pulls. Give it by digest: a tag can move. */
export function registryImage(reference: string): ImageReference {
  return { reference: output(reference), release: output(releaseOf(reference)) };
}

function releaseOf(reference: string): string {
  const digest = /@sha256:([0-9a-f]{12})/.exec(reference)?.[1];
  if (digest !== undefined) return digest;
  const tag = /:([^:/]+)$/.exec(reference)?.[1];
  return tag ?? "latest";
}
