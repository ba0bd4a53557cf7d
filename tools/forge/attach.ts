import { setTimeout as sleep } from "node:timers/promises";
import { readMarker, writeMarker } from "../readers/comment/marker";
import { receiptsIn, withReceipts } from "../readers/comment/receipts";
import { CommentGone, type Forge } from "./forge";
import type { Published, PublishOptions } from "./publish";

const maxAttempts = 4;

/**
 * Puts receipts under the comment of this key, and makes one where there is none. As in `publish`, nothing keeps another run
 * from writing at the same moment, so this looks again until what it has written stands there.
 */
export async function attach(
  forge: Forge,
  key: string,
  receipts: readonly string[],
  { settleSeconds = 2 }: PublishOptions = {},
): Promise<Published> {
  let result: Published | undefined;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const comment = (await forge.ownComments()).find(({ body }) => readMarker(body)?.key === key);
    if (comment !== undefined && receipts.every((part) => receiptsIn(comment.body).includes(part)))
      return result ?? { what: "unchanged", url: comment.url };
    try {
      if (comment === undefined) {
        const { url } = await forge.create(
          withReceipts(writeMarker({ key, run: { number: 0, attempt: 1 } }), receipts),
        );
        result = { what: "created", url };
      } else {
        const { url } = await forge.update(comment.id, withReceipts(comment.body, receipts));
        result = { what: "updated", url };
      }
    } catch (error) {
      // Somebody deleted it between the look-up and the write: the next round creates it anew.
      if (!(error instanceof CommentGone)) throw error;
    }
    await sleep(settleSeconds * 1000);
  }
  if (!result) throw new Error(`The comment was deleted ${maxAttempts} times while it was being written.`);
  return result;
}
