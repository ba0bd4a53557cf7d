import type { Diagnostic } from "../plan/plan";
import type { Review } from "./review";

/** What the program and the comparison warned of. Each sentence once: several resources may say the same. */
export function warningsOf({ plan }: Review): readonly Pick<Diagnostic, "urn" | "message">[] {
  const said = (plan?.diagnostics ?? []).filter(
    ({ severity, message }) => severity === "warning" || severity === "error" || message.startsWith("may replace"),
  );
  return [...new Map(said.map((one) => [`${one.urn} ${one.message}`, one])).values()];
}
