import { createHmac, randomBytes } from "node:crypto";

let key: string | undefined;

/**
 * Tells two values of one run apart, and nothing more: the key lives as long as the process. Two processes whose plans are
 * compared are given the same by SLIPWAY_FINGERPRINT_KEY, read when the first is met.
 */
export function fingerprint(value: unknown): string {
  key ??= process.env["SLIPWAY_FINGERPRINT_KEY"] ?? randomBytes(32).toString("hex");
  return createHmac("sha256", key).update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
