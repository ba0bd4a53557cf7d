import { NotKnown, Unknown, type Value } from "../value";

export type ImageReference = "digest" | "tag" | "latest";

/** Outputs of image resources that name one image and no other. */
const exact = /#(imageId|repoDigest|ref|digest)$/;

/** How an image reference names its image. The registry and repository need not be known. */
export function imageReference(image: Value): ImageReference | undefined {
  if (image.raw instanceof Unknown && image.raw.sources.length === 1 && exact.test(image.raw.sources[0] ?? "")) {
    return "digest";
  }
  const text = image.text();
  if (text === undefined) return undefined;
  if (/(^|@)sha256:[0-9a-f]{64}$/.test(text.tail)) return "digest";
  if (text.tail === "" && image.isUnknown) throw new NotKnown(image.path, "unknown");
  const tag = /:([^/:@]+)$/.exec(text.tail)?.[1];
  return tag === undefined || tag === "latest" ? "latest" : "tag";
}
