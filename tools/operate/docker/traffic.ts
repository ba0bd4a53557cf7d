import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Sample } from "../judgement";

/** What the ingress logs while a release goes on: who answered what, and how fast. */
export class Traffic {
  readonly samples: Sample[] = [];
  private readonly child: ChildProcess;

  constructor(ingress: string) {
    this.child = spawn("docker", ["logs", "--follow", "--tail", "0", ingress], { stdio: ["ignore", "pipe", "ignore"] });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      const sample = sampleOf(line);
      if (sample !== undefined) this.samples.push(sample);
    });
  }

  since(at: number, release: Sample["release"]): Sample[] {
    return this.samples.filter((sample) => sample.at >= at && sample.release === release);
  }

  stop(): void {
    this.child.kill();
  }
}

/** Undefined: no request, or one of which the application knows nothing. A static file says nothing about a release. */
export function sampleOf(line: string): Sample | undefined {
  if (!line.startsWith("{")) return undefined;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { status, method, path, release, headerSeconds, seconds } = entry;
  if (typeof status !== "number" || String(path).includes("/_next/static/")) return undefined;
  // With several attempts nginx lists one value an attempt: the last is the one that was passed on.
  const by = String(release).split(/[,:] /).at(-1);
  if (by !== "stable" && by !== "candidate") return undefined;
  const first = Number(String(headerSeconds).split(/[,:] /).at(-1));
  return {
    ...{ at: Date.now(), release: by, status, method: String(method), path: String(path) },
    empty: method === "GET" && status === 200 && hasNoBody(entry),
    seconds: Number.isFinite(first) ? first : Number(seconds),
  };
}

/** The application's own answer: what nginx sends is framed, and may be compressed. An ingress of a version of before says neither. */
function hasNoBody({ bodyBytes, contentLength }: Record<string, unknown>): boolean {
  if (contentLength !== "") return contentLength === "0";
  // The end of a body in chunks, without a chunk: "0", and two ends of line.
  return bodyBytes === "0" || bodyBytes === "5";
}
