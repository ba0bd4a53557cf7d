import { z } from "zod";
import type { Receipt } from "./receipt";

const text = z.string();
const number = z.number();
const image = z.looseObject({ reference: text, digest: text, commit: text.optional() });
const metrics = z.looseObject({ requests: number, errors: number, errorRatio: number, p95Seconds: number });

/** What readers rely on: a receipt is a file, or was kept by another version. */
const receipt = z.looseObject({
  ...{ version: z.literal(1), stack: text, target: text, strategy: text, judge: text },
  outcome: z.enum(["released", "returned", "refused", "unchanged"]),
  ...{ reason: text.optional(), startedAt: z.iso.datetime({ offset: true }), endedAt: text },
  ...{ image, previous: image.optional() },
  migration: z.looseObject({ exitCode: number, seconds: number }).optional(),
  requests: z.looseObject({ total: number, newRelease: number, failed: number, slowestSeconds: number }).optional(),
  steps: z.array(
    z.looseObject({
      ...{ weight: number, seconds: number, result: z.enum(["passed", "failed"]), reason: text },
      ...{ candidate: metrics, stable: metrics },
    }),
  ),
  seconds: z.looseObject({ total: number }),
  lastRestoredBackup: text.optional(),
});

/** @throws Error that says what of it is no receipt. */
export function readReceipt(content: string): Receipt {
  const parsed = receipt.safeParse(JSON.parse(content));
  if (parsed.success) return parsed.data as Receipt;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  throw new Error(path.length === 0 ? message : `${path.join(".")}: ${message}`);
}

/** Those of them that are receipts of this version, the newest first. */
export function receiptsOf(kept: readonly string[]): Receipt[] {
  return kept
    .flatMap((content) => {
      try {
        return [readReceipt(content)];
      } catch {
        return [];
      }
    })
    .sort((left, right) => right.startedAt.localeCompare(left.startedAt));
}
