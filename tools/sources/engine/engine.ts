import { spawn } from "node:child_process";
import { UsageError } from "../../plan/usage-error";

export interface EngineRequest {
  readonly cwd: string;
  readonly stack: string;
  readonly refresh?: boolean;
}

/** The event stream of one `pulumi preview`; whether it succeeds is for its reader to see. */
export async function runEngine({ cwd, stack, refresh }: EngineRequest): Promise<string> {
  const args = ["preview", "--stack", stack, "--json", "--non-interactive", ...(refresh ? ["--refresh"] : [])];
  const child = spawn("pulumi", args, {
    cwd,
    env: { ...process.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true", PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new UsageError("--engine needs the Pulumi CLI, which is not on PATH: https://www.pulumi.com/docs/install/")
          : error,
      ),
    );
    child.once("close", () => resolve());
  });
  return Buffer.concat(chunks).toString("utf8");
}
