import type { Run } from "../../review/review";

/** The first line of the comment, invisible: whose it is, and how new. */
export interface Marker {
  /** One comment a key and pull request: a stack's name, or that of a group of stacks. */
  readonly key: string;
  readonly run: Pick<Run, "number" | "attempt">;
}

export function writeMarker({ key, run }: Marker): string {
  return `<!-- slipway:comment key=${marked(key)} run=${run.number}.${run.attempt} -->`;
}

/** A name in one word that cannot end the comment around it. */
export function marked(name: string): string {
  return encodeURIComponent(name).replaceAll("-", "%2D");
}

/** Reads the marker of a comment; only the very beginning counts, what quotes one further down is no marker. */
export function readMarker(body: string): Marker | undefined {
  const found = /^<!-- slipway:comment key=(\S+) run=(\d+)\.(\d+) -->/.exec(body);
  if (!found) return undefined;
  return { key: decodeURIComponent(found[1]!), run: { number: Number(found[2]), attempt: Number(found[3]) } };
}

export function isNewer(run: Marker["run"], than: Marker["run"]): boolean {
  return run.number > than.number || (run.number === than.number && run.attempt > than.attempt);
}
