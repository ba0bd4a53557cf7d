import type { Ora } from "ora";

export interface Progress {
  update(text: string): void;
  stop(): void;
}

/** A spinner on a terminal, silence anywhere else: what is piped or logged gets the result alone. */
export function progress(text: string): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const { default: ora } = require("ora") as {
    default: (options: { text: string; stream: NodeJS.WriteStream }) => Ora;
  };
  const spinner = ora({ text, stream: process.stderr }).start();
  return {
    update: (next) => void (spinner.text = next),
    stop: () => void spinner.stop(),
  };
}
