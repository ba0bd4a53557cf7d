import type { Receipt } from "../../plan/receipt";
import { block, code, details, link, prose, table } from "./markdown";
import { marked } from "./marker";

/** Most characters of all receipts of a comment: GitHub takes 65,536, and the review above them 60,000. */
const limit = 5000;

/** A part of a comment that outlives the rest: what writes the review anew keeps it. */
const kept = /<!-- slipway:receipt stack=(\S+) at=\S+ -->\n[^]*?\n<!-- \/slipway:receipt -->/g;

/** What became of a pull request after its merge, on one stack. */
export function receiptPart(receipt: Receipt, runUrl?: string): string {
  const { stack, outcome, strategy, image, previous, requests, seconds, steps, reason, startedAt } = receipt;
  const [title, alert] = outcomes[outcome];
  const where = runUrl === undefined ? "" : ` · ${link("log", runUrl)}`;
  const rows = [
    ["image", `${code(image.reference, 160)}${image.commit === undefined ? "" : ` of ${code(image.commit, 40)}`}`],
    ["before", previous === undefined ? "nothing" : code(previous.reference, 160)],
    ...(receipt.migration === undefined
      ? []
      : [["migration", `exit code ${receipt.migration.exitCode}, ${receipt.migration.seconds} s`]]),
    ...steps.map((step) => [`${step.weight} %`, `${prose(step.reason, 200)}: ${step.result}`]),
    [
      "requests",
      requests === undefined
        ? "counted by the target's own monitoring"
        : `${requests.total}, ${requests.failed} failed, slowest ${requests.slowestSeconds.toFixed(2)} s`,
    ],
    ["took", `${seconds.total} s`],
    ["backup last restored", prose(receipt.lastRestoredBackup ?? "none is known", 40)],
  ];
  const [first = "", ...rest] = (reason ?? "").split("\n");
  const parts = [
    `### Slipway: ${code(stack, 60)} ${title}`,
    ...(alert === undefined ? [] : [`> [!${alert}]\n> ${prose(first, 300)}`]),
    table(["", ""], rows),
    ...(rest.length === 0 ? [] : [details("What it said last", block("", shortened(rest.join("\n"))))]),
    `<sub>${prose(strategy, 60)} · ${startedAt.slice(0, 16).replace("T", " ")} UTC${where}</sub>`,
  ];
  // A log line could hold the end of this part; the marker's own signs never come from outside.
  const text = parts.join("\n\n").replaceAll("<!--", "<! --");
  return `<!-- slipway:receipt stack=${marked(stack)} at=${startedAt} -->\n${text}\n<!-- /slipway:receipt -->`;
}

const outcomes: Readonly<Record<Receipt["outcome"], readonly [string, "CAUTION"?]>> = {
  released: ["released"],
  unchanged: ["released already"],
  returned: ["not released: the previous release serves again", "CAUTION"],
  refused: ["not released: the previous release serves", "CAUTION"],
};

const shortened = (text: string) => (text.length <= 1500 ? text : `…${text.slice(-1500)}`);

/** The parts of a comment that are receipts, as they stand there. */
export function receiptsIn(body: string): string[] {
  return [...body.matchAll(kept)].map(([part]) => part);
}

/** The comment with these receipts at its end, one a stack: of two of one stack the later counts. */
export function withReceipts(body: string, parts: readonly string[]): string {
  const byStack = new Map<string, string>();
  for (const part of [...receiptsIn(body), ...parts]) {
    const stack = /stack=(\S+)/.exec(part)![1]!;
    byStack.delete(stack);
    byStack.set(stack, part);
  }
  if (byStack.size === 0) return body;
  const newest = [...byStack.values()].reverse();
  let room = limit;
  const fitting = newest.filter((part) => part.length <= room && (room -= part.length) >= 0).reverse();
  return `${body.replace(kept, "").trimEnd()}\n\n${fitting.join("\n\n")}\n`;
}
