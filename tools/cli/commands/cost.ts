import Table = require("cli-table3");
import type { Command } from "commander";
import { bold, dim } from "picocolors";
import { asksEngine, type EngineOptions, previewByEngine, withEngineOptions } from "../engine-options";
import { progress } from "../progress";
import { groupBy } from "../../../components/shared/group";
import { preview } from "../../review/preview";
import { safeDeep } from "../../readers/terminal/safe";
import { wrapped } from "../../readers/terminal/wrap";
import { dollars } from "../../judge/cost/money";
import type { CostReport } from "../../judge/cost/report";
import { documentation } from "../../../components/shared/documentation";

interface Options extends EngineOptions {
  readonly json?: boolean;
  readonly lines?: boolean;
  readonly cwd: string;
}

export function registerCostCommands(program: Command): void {
  withEngineOptions(
    program
      .command("cost")
      .description("estimate what a stack costs per month at list prices, offline")
      .argument("<stack>", "name as in Pulumi.<stack>.yaml"),
  )
    .option("--lines", "show every line: quantity and unit price")
    .option("--json", "print the estimate as JSON")
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      `
Prices come from a dated list in tools/judge/cost/price-list; nothing is downloaded. Usage that no program can know is
assumed; \`slipway:costs\` in the stack file changes an assumption: ${documentation("cost.md")}.

Examples
  slipway cost prod
  slipway cost prod --json | jq .monthlyUsd`,
    )
    .action(run);
}

async function run(stack: string, options: Options): Promise<void> {
  const { json, lines, cwd } = options;
  const spinner = progress(`previewing ${stack}`);
  const asked = asksEngine(options) ? previewByEngine(options, stack) : preview({ projectDir: cwd, stack });
  const { cost: report } = await asked.finally(() => spinner.stop());
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : wrapped(show(report, lines === true))}\n`);
}

/** An estimate in the terminal. */
export function show(given: CostReport, withLines: boolean): string {
  const report = safeDeep(given);
  const { stack, region, monthlyUsd, mostUsd, lines, pricesAsOf } = report;
  const elsewhere = report.elsewhere.reduce((sum, { count }) => sum + count, 0);
  if (lines.length === 0 && report.unpriced.length === 0) {
    return `${bold(stack)}  nothing to pay for here: ${elsewhere} resources run on a cluster or host that is paid for anyway`;
  }
  const where = region === "" ? "" : ` in ${region}`;
  return [
    `${bold(stack)}  about ${bold(dollars(monthlyUsd))} a month${where}${mostUsd === undefined ? "" : `, up to ${dollars(mostUsd)} with the most replicas`}`,
    "",
    components(report, withLines),
    ...notes(report),
    dim(
      `  On-demand list prices as published on ${pricesAsOf} or later, without tax, discounts, free tiers: ${documentation("cost.md")}`,
    ),
  ].join("\n");
}

function components({ components, lines }: CostReport, withLines: boolean): string {
  const table = new Table({
    chars: borderless,
    style: { head: [], "padding-left": 0, "padding-right": 2 },
    colAligns: ["left", "right", "left"],
  });
  for (const [name, parts] of groupBy(components, ({ component }) => component)) {
    const urns = new Set(parts.map(({ urn }) => urn));
    const own = lines.filter(({ component, monthlyUsd }) => urns.has(component) && monthlyUsd > 0);
    const largest = [...own].sort((a, b) => b.monthlyUsd - a.monthlyUsd);
    const shown = withLines ? [] : largest.slice(0, 3).map(({ what }) => what);
    table.push([
      `  ${name}`,
      dollars(parts.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)),
      dim([...new Set(shown)].join(", ")),
    ]);
    for (const { what, quantity, unit, unitUsd, monthlyUsd } of withLines ? largest : []) {
      table.push([
        dim(`    ${what}`),
        dim(dollars(monthlyUsd)),
        dim(`${round(quantity)} ${unit} at $${round(unitUsd)}`),
      ]);
    }
  }
  return table.toString();
}

function notes({ assumptions, unpriced }: CostReport): string[] {
  return [
    "",
    ...unpriced.map(({ urn, reason }) => `  not in the sum  ${urn.split("::").pop()}: ${reason}`),
    ...assumptions.map(({ key, value, unit, meaning, from }) => {
      const source = from === "settings" ? " (settings)" : "";
      return `  assumed  ${key} ${value.toLocaleString("en-US")} ${unit} ${meaning}${source}`;
    }),
    "",
  ];
}

function round(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

const borderless = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
    "middle",
  ].map((part) => [part, ""]),
);
