import type { Diagnostic } from "../plan/plan";
import type { Review } from "./review";

/** What the program and the comparison warned of. Each sentence once: several resources may say the same. */
export function warningsOf({ plan, failure }: Review): readonly Pick<Diagnostic, "urn" | "message">[] {
  const said = (plan?.diagnostics ?? []).filter(
    ({ severity, message }) =>
      severity === "warning" ||
      // What a failed preview ended with is said above all else.
      (severity === "error" && message !== failure?.message && !ended.test(message)) ||
      message.startsWith("may replace"),
  );
  const once = [...new Map(said.map((one) => [`${one.urn} ${one.message}`, one])).values()];
  return once.map(({ urn, message }) => ({
    urn,
    message: message.length > most ? `${message.slice(0, most)}…` : message,
  }));
}

/** Characters of one that somebody reads. */
const most = 1000;

/** How the engine closes a run whose program has said why already. */
const ended = /^an unhandled error occurred: Program exited with (a non-zero exit )?code/;
