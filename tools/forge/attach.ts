import { setTimeout as sleep } from "node:timers/promises";
import { readMarker, writeMarker } from "../readers/comment/marker";
import { receiptsIn, withReceipts } from "../readers/comment/receipts";
import type { Forge } from "./forge";
import { maxAttempts, type Published, type PublishOptions, write } from "./publish";

/**
 * Puts receipts under the comment of this key, and makes one where there is none. As in `publish`, nothing keeps another run
 * from writing at the same moment, so this looks again until nothing is left to write.
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
    const standing = comment?.body ?? writeMarker({ key, run: { number: 0, attempt: 1 } });
    const whole = withReceipts(standing, receipts);
    // Not whether each stands there: older ones make room for newer, and forges may trim what they store.
    if (comment && receiptsIn(whole).join() === receiptsIn(standing).join())
      return result ?? { what: "unchanged", url: comment.url };
    result = (await write(forge, comment, whole)) ?? result;
    await sleep(settleSeconds * 1000);
  }
  if (!result) throw new Error(`The comment was deleted ${maxAttempts} times while it was being written.`);
  return result;
}
