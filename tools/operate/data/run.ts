import { spawn } from "node:child_process";
import { OperateError } from "../contract";

/** A program of the target, with what it reads: what it printed. */
export type RunWithInput = (command: string, args: readonly string[], input?: string) => Promise<string>;

export const withInput: RunWithInput = (command, args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    let out = "";
    let errors = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new OperateError(`${command} is not on PATH`) : error),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(out.trim());
      else reject(new OperateError(`${command} ${args.join(" ")} failed with exit code ${code}\n${errors}`.trim()));
    });
    // A program that ends without reading all of it says why by its exit code.
    child.stdin?.on("error", () => undefined).end(input);
  });

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
