import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { asksEngine, type EngineOptions, eventsOf, requireOneStack, withEngineOptions } from "../engine-options";
import { progress } from "../progress";
import { pipelineOf } from "../../forge/pipeline";
import { type Gate, shutGates } from "../../review/gate";
import type { Review } from "../../review/review";
import { failOnOption } from "../fail-on";
import { stacksIn } from "../../sources/in-process/stack-file";
import { summarize } from "../../review/changes";
import { showReview } from "../../readers/terminal/review";
import { wrapped } from "../../readers/terminal/wrap";

interface Options extends EngineOptions {
  readonly base: string;
  readonly json?: boolean;
  readonly review?: string;
  readonly html?: string;
  readonly exitCode?: boolean;
  readonly failOn: readonly Gate[];
  readonly label: readonly string[];
  readonly sarif?: string;
  readonly cwd: string;
}

export function registerDiffCommands(program: Command): void {
  withEngineOptions(
    program
      .command("diff")
      .description("show what this change does to a stack: resources, data, policies, cost")
      .argument("[stack...]", "names as in Pulumi.<stack>.yaml; none: every stack here")
      .option("--base <ref>", "branch, tag or commit to compare with", "main"),
  )
    .option("--json", "print the difference (one stack) or a list of them as JSON")
    .option("--review <file>", "write what `slipway comment` reads")
    .option("--html <file>", "write the report as one HTML page")
    .option("--sarif <file>", "write what is found as SARIF 2.1.0, for code scanning")
    .addOption(failOnOption())
    .option("--label <name>", "a label of the pull request, for guards; repeat for several", collected, [])
    .option("--exit-code", "exit with 3 when anything changes")
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      `
Compares two versions of the program: the commit at which the working tree left <ref>, and the working tree.
Both run in-process: no account, no credentials, no engine. The live state is not looked at; --engine does that.

Examples
  slipway diff prod --base main
  slipway diff --base origin/main --review review.json
  slipway diff prod --engine
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json -s prod > events.ndjson; slipway diff prod --events events.ndjson

Exit codes
  0   done, whatever changes      1   no preview: settings, program, provider or base
  2   something that --fail-on names  3   something changes, with --exit-code`,
    )
    .action(run);
}

async function run(asked: readonly string[], options: Options): Promise<void> {
  // Both previews must mask one secret with one fingerprint, or every secret would seem to change.
  process.env["SLIPWAY_FINGERPRINT_KEY"] ??= randomBytes(32).toString("hex");
  // Compared with a base, none means every stack of either side: one that is deleted is a change as well.
  const stacks = asked.length > 0 || !asksEngine(options) ? asked : stacksIn(options.cwd);
  requireOneStack(options, stacks);
  const spinner = progress(`comparing ${stacks.join(", ") || "every stack"}`);
  let reviews: readonly Review[];
  try {
    reviews = await collect(stacks, options);
  } finally {
    spinner.stop();
  }
  write(reviews, options);
  if (reviews.some(({ failure }) => failure)) process.exitCode = 1;
  else if (reviews.some((review) => shutGates(review, options.failOn).length > 0)) process.exitCode = 2;
  else if (options.exitCode && reviews.some(({ plan }) => plan && summarize(plan).components.length > 0))
    process.exitCode = 3;
}

async function collect(stacks: readonly string[], options: Options): Promise<readonly Review[]> {
  // Loaded late: the preview reads the key of fingerprints when it is loaded.
  const labels = [...pipelineOf(process.env).labels, ...options.label];
  const common = { projectDir: options.cwd, commit: headOf(options.cwd), labels };
  if (!asksEngine(options)) {
    const { reviewAgainstBase } = require("../../review/build") as typeof import("../../review/build");
    return reviewAgainstBase({ ...common, stacks, base: options.base });
  }
  const { reviewOfEvents } = require("../../review/of-events") as typeof import("../../review/of-events");
  const reviews: Review[] = [];
  for (const stack of stacks) {
    reviews.push(await reviewOfEvents({ ...common, stack, events: await eventsOf(options, stack) }));
  }
  return reviews;
}

function write(reviews: readonly Review[], { json, review, html, sarif, cwd }: Options): void {
  if (review !== undefined) writeFileSync(review, `${JSON.stringify(reviews, null, 1)}\n`);
  if (html !== undefined) {
    const { htmlReport } = require("../../readers/page/html") as typeof import("../../readers/page/html");
    writeFileSync(html, htmlReport(reviews));
  }
  if (sarif !== undefined) {
    const { sarifOf } = require("../../readers/sarif") as typeof import("../../readers/sarif");
    writeFileSync(sarif, `${JSON.stringify(sarifOf(reviews, cwd), null, 1)}\n`);
  }
  if (json) {
    const plans = reviews.map(({ plan }) => plan ?? null);
    process.stdout.write(`${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`);
  } else process.stdout.write(`${wrapped(reviews.map(showReview).join("\n\n"))}\n`);
}

function collected(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}

function headOf(cwd: string): string {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}
