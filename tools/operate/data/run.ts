import { spawn } from "node:child_process";
import { OperateError } from "../contract";

/** A program of the target, with what it reads: what it printed. */
export type RunWithInput = (command: string, args: readonly string[], input?: string) => Promise<string>;

/** Standard output of the first program into the second. Both have to end well. */
export async function piped(from: readonly string[], into: readonly string[]): Promise<void> {
  const [source, target] = [
    spawn(from[0]!, from.slice(1), { stdio: ["ignore", "pipe", "inherit"] }),
    spawn(into[0]!, into.slice(1), { stdio: ["pipe", "ignore", "inherit"] }),
  ];
  const ended = [source, target].map(
    (child) =>
      new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve(code ?? 1));
      }),
  );
  target.stdin.on("error", () => source.kill());
  source.stdout.pipe(target.stdin);
  if ((await Promise.all(ended)).some((code) => code !== 0))
    throw new OperateError("the copy failed: see above; the live database is untouched");
}
