import { setTimeout as sleep } from "node:timers/promises";
import { CommentGone, type Forge, type ForgeComment } from "./forge";
import { isNewer, readMarker } from "../readers/comment/marker";
import { receiptsIn, withReceipts } from "../readers/comment/receipts";

export interface Published {
  readonly what: "created" | "updated" | "unchanged" | "kept-newer";
  readonly url: string;
}

export interface PublishOptions {
  /** How long to wait before looking whether another run wrote at the same moment. */
  readonly settleSeconds?: number;
}

export const maxAttempts = 4;

/**
 * Makes `body`, which begins with a marker, the one comment of its key. A newer run is left as it is.
 *
 * No forge offers a conditional write, so two runs can pass the look-up together. Each therefore looks
 * again after writing: an older text is overwritten, and of two comments one goes.
 */
export async function publish(
  forge: Forge,
  body: string,
  { settleSeconds = 2 }: PublishOptions = {},
): Promise<Published> {
  const marker = readMarker(body);
  if (!marker) throw new Error("The comment has no marker in its first line.");
  const own = async () => (await forge.ownComments()).filter((comment) => readMarker(comment.body)?.key === marker.key);

  let result: Published | undefined;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const [comment, ...duplicates] = decisiveFirst(await own());
    for (const { id } of duplicates) await removeQuietly(forge, id);
    const standing = comment && readMarker(comment.body)!.run;
    if (comment && standing && isNewer(standing, marker.run)) return { what: "kept-newer", url: comment.url };
    // A label that is set after the merge makes a new preview; what became of the pull request stays.
    const whole = comment === undefined ? body : withReceipts(body, receiptsIn(comment.body));
    if (comment && standing && !isNewer(marker.run, standing)) {
      // Forges may trim what they store, so after a write it is the run that tells.
      if (result) return result;
      if (comment.body.trim() === whole.trim()) return { what: "unchanged", url: comment.url };
    }
    result = (await write(forge, comment, whole)) ?? result;
    await sleep(settleSeconds * 1000);
  }
  if (!result) throw new Error(`The comment was deleted ${maxAttempts} times while it was being written.`);
  return result;
}

/** The comment that holds the newest run comes first; of equals, the oldest, because links point at it. */
function decisiveFirst(comments: readonly ForgeComment[]): ForgeComment[] {
  const newest = comments.find(({ body }) => {
    const run = readMarker(body)!.run;
    return comments.every((other) => !isNewer(readMarker(other.body)!.run, run));
  });
  return newest ? [newest, ...comments.filter((comment) => comment !== newest)] : [];
}

/** Undefined where the comment was deleted between the look-up and the write: the next round creates it anew. */
export async function write(
  forge: Forge,
  comment: ForgeComment | undefined,
  body: string,
): Promise<Published | undefined> {
  if (!comment) return { what: "created", url: (await forge.create(body)).url };
  try {
    return { what: "updated", url: (await forge.update(comment.id, body)).url };
  } catch (error) {
    if (error instanceof CommentGone) return undefined;
    throw error;
  }
}

async function removeQuietly(forge: Forge, id: number): Promise<void> {
  try {
    await forge.remove(id);
  } catch (error) {
    if (!(error instanceof CommentGone)) throw error;
  }
}
