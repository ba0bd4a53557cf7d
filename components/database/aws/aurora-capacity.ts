/** What Aurora offers: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html */
const mostAcu = 256;

/** Why a range of capacity is none that Aurora takes; undefined where it is one. */
export function capacityProblem(
  minAcu: number,
  maxAcu: number,
): { readonly argument: "minAcu" | "maxAcu"; readonly message: string } | undefined {
  const wrong = (value: number) => !(value >= 0 && value <= mostAcu && Number.isInteger(value * 2));
  const expected = `expected 0 to ${mostAcu} ACUs in steps of 0.5`;
  if (wrong(minAcu)) return { argument: "minAcu", message: expected };
  if (wrong(maxAcu)) return { argument: "maxAcu", message: expected };
  if (maxAcu < 1) return { argument: "maxAcu", message: "is less than Aurora takes: expected 1 ACU at least" };
  if (maxAcu < minAcu) return { argument: "maxAcu", message: `is less than the minimum, ${minAcu}` };
  return undefined;
}

/**
 * Connections of a server that may grow to so many ACUs of 2 GiB: `LEAST({DBInstanceClassMemory/9531392},5000)`, and 2000 where
 * the minimum is 0 or 0.5.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
export function auroraMaxConnections(minAcu: number, maxAcu: number): number {
  const byMemory = Math.floor((0.9 * 2 * maxAcu * 1024 ** 3) / 9531392);
  return Math.min(minAcu <= 0.5 ? 2000 : 5000, byMemory);
}
