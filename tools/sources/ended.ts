import type { Readable } from "node:stream";

/** How a process ended without saying what it was asked for. */
export function endedBy(
  what: string,
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
  errors: string,
): string {
  if (/heap out of memory|Reached heap limit/.test(errors))
    return `${what} uses more memory than Node.js has for it: does something grow without end? NODE_OPTIONS=--max-old-space-size=8192 allows 8 GB.`;
  const said = errors.trim() === "" ? "" : `\n${errors.trim()}`;
  if (signal === "SIGKILL")
    return `${what} is ended while it runs (SIGKILL): by itself, or by the machine, which does so where memory is short.`;
  if (signal !== null) return `${what} is ended while it runs (${signal}).${said}`;
  return `${what} ends the process with ${code} before it is done.${said}`;
}

const mostBytes = 2000;

/** The last that a stream said: whole lines, where there are many. */
export function tailOf(stream: Readable): () => string {
  let last = "";
  stream.on("data", (bytes: Buffer) => (last = (last + bytes.toString("utf8")).slice(-2 * mostBytes)));
  return () => {
    if (last.length <= mostBytes) return last;
    const end = last.slice(-mostBytes);
    return `…\n${end.slice(end.indexOf("\n") + 1)}`;
  };
}
