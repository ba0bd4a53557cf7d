import { setTimeout as sleep } from "node:timers/promises";
import { OperateError, type Progress, type Progressing, type ReleaseOptions, type Stack } from "./contract";
import type { Receipt } from "../plan/receipt";
import { up } from "./stack";

/** A program of the target, such as `aws` or `kubectl`: what it printed. */
export type Run = (command: string, args: readonly string[]) => Promise<string>;

/**
 * A release that the target's own controller carries out and judges: the same `pulumi up` as ever, then watching until it
 * has ended. Requests are the target's to count, so that the receipt has none.
 */
export async function watchedRelease(
  stack: Stack,
  target: {
    readonly strategy: string;
    readonly judge: string;
    readonly pollSeconds: number;
    state(): Promise<Progressing>;
    lastRestored(): Promise<{ readonly lastRestoredBackup?: string }>;
    /** Puts the receipt where `status` finds it. */
    keep(receipt: Receipt): Promise<void>;
  },
  options: Pick<ReleaseOptions, "image" | "policyPack" | "policyPackConfig">,
  progress: Progress,
): Promise<Receipt> {
  const started = new Date();
  const reference = options.image ?? (await stack.pulumi("config", "get", "slipway:image"));
  const previous = stack.operations.image;
  await stack.pulumi("config", "set", "slipway:image", reference);
  // Also fails where a policy stops it, or where the provider waits and the target takes the release back meanwhile.
  const failure = await up(stack, options).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof OperateError) return error;
      throw error;
    },
  );
  progress("stack", failure === undefined ? "pulumi up" : "pulumi up failed");
  let last = "";
  for (;;) {
    const now = failure === undefined ? await target.state() : await target.state().catch(() => undefined);
    const { state, reason } = ended(now, failure);
    if (reason !== last) progress(state, reason);
    last = reason;
    if (state !== "progressing") {
      // The stack file must not ask for what was returned: the next `pulumi up` would release it again.
      if (state !== "released") await stack.pulumi("config", "set", "slipway:image", previous);
      const receipt: Receipt = {
        version: 1,
        ...{ stack: stack.name, target: stack.operations.target, strategy: target.strategy, outcome: state },
        ...(state !== "released" && { reason }),
        ...{ startedAt: started.toISOString(), endedAt: new Date().toISOString() },
        image: { reference, digest: /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ?? reference },
        previous: { reference: previous, digest: previous },
        requests: undefined,
        steps: [],
        seconds: { total: Math.round((Date.now() - started.getTime()) / 1000) },
        judge: target.judge,
        ...(await target.lastRestored()),
      };
      // The release has ended, also where this person may not write of it.
      await target.keep(receipt).catch((error: Error) => progress("receipt", `was not kept: ${error.message}`));
      return receipt;
    }
    await sleep(target.pollSeconds * 1000);
  }
}

/** After a failed `pulumi up` the newest deployment that the target knows may be an older one: only its own return counts. */
function ended(
  now: Progressing | undefined,
  failure: OperateError | undefined,
): { readonly state: Progressing["state"] | "refused"; readonly reason: string } {
  if (failure === undefined) return now!;
  if (now?.state === "progressing") return now;
  return now?.state === "returned" ? now : { state: "refused", reason: failure.message };
}

export function parsed<T>(text: string, what: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new OperateError(`${what} gave no JSON: ${text.slice(0, 200)}`);
  }
}
