import { type Exporter, type Signal, signals } from "../../components/monitoring/signals";

/** docs/runbooks/<signal>.md, to which every alarm leads: one page for each row of the table of signals. */
export const runbookPages: Readonly<Record<string, () => string>> = Object.fromEntries(
  signals.map((signal) => [`docs/runbooks/${signal.id}.md`, () => runbookPage(signal)]),
);

function runbookPage(signal: Signal): string {
  return `# ${signal.alarm}

<!-- Written by tools/generate/runbook-page.ts from the signal \`${signal.id}\`. -->

${hurry[signal.severity]} It is of: ${signal.of}.

**What to do.** ${signal.runbook}

**When it fires.** ${signal.title}, in ${signal.unit}, ${limitOf(signal)} for ${signal.forMinutes} minutes.

## Where it is measured

${measuredOf(signal).join("\n")}
`;
}

const hurry: Readonly<Record<Signal["severity"], string>> = {
  page: "**page**: users notice now.",
  ticket: "**ticket**: users will notice if nobody acts within days.",
};

/** A limit that depends on the stack is told by the alarm itself. */
function limitOf({ above, below }: Signal): string {
  const limit = above ?? below;
  const side = above === undefined ? "below" : "above";
  return typeof limit === "number" ? `${side} ${limit}` : `${side} the limit that the stack's settings and sizes give`;
}

function measuredOf({ absent = {}, cloudWatch, prometheus = {} }: Signal): string[] {
  const queries = Object.entries(prometheus) as [Exporter, string][];
  return [
    ...(cloudWatch === undefined
      ? []
      : [
          `- CloudWatch, ${cloudWatch.namespace}: ${Object.values(cloudWatch.metrics)
            .map(({ name, statistic }) => `\`${name}\` (${statistic})`)
            .filter((text, index, all) => all.indexOf(text) === index)
            .join(", ")}`,
        ]),
    ...queries.map(([exporter, query]) => `- Prometheus, ${exporter}: \`${query}\``),
    ...Object.entries(absent).map(([system, reason]) => `- Not in ${system}: ${reason}`),
  ];
}
