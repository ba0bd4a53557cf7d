import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { mandatoryFailures } from "../../../policy/report";
import { mermaid } from "../../readers/graph";
import { type Preview, preview } from "../../review/preview";
import { stacksIn } from "../../sources/in-process/stack-file";
import { htmlReport } from "../../readers/page/html";
import { reviewOfPreview } from "../../readers/page/from-preview";
import { overview, oneStack } from "../../readers/terminal/preview";
import { wrapped } from "../../readers/terminal/wrap";
import { asFailure } from "../../review/failure";
import { safeLines } from "../../readers/terminal/safe";
import { asksEngine, type EngineOptions, previewByEngine, requireOneStack, withEngineOptions } from "../engine-options";
import { progress } from "../progress";

interface Options extends EngineOptions {
  readonly json?: boolean;
  readonly graph?: boolean;
  readonly out?: string;
  readonly html?: string;
  readonly cwd: string;
}

export function registerPreviewCommand(program: Command): void {
  withEngineOptions(
    program
      .command("preview")
      .description("show what a stack would create, with policies; create nothing")
      .argument("[stack...]", "names as in Pulumi.<stack>.yaml; none: every stack here"),
  )
    .option("--json", "print the plan (one stack) or a list of plans as JSON")
    .option("--graph", "print a Mermaid graph")
    .option("--out <file>", "write to a file instead")
    .option("--html <file>", "write one self-contained page with tree, search, graph, policies and cost")
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .addHelpText(
      "after",
      "\nRuns in-process: no account, no credentials, no engine. It shows the desired state; what exists already is for\n`pulumi preview` to say.\n\nExamples\n  slipway preview prod\n  slipway preview prod --graph --out prod.mmd\n  slipway preview --json | jq '.[].resources | length'",
    )
    .action(run);
}

async function run(asked: readonly string[], options: Options): Promise<void> {
  const stacks = asked.length > 0 ? asked : stacksIn(options.cwd);
  requireOneStack(options, stacks);
  const started = performance.now();
  const previews: Preview[] = [];
  const failures: { readonly stack: string; readonly error: unknown }[] = [];
  // One after the other: the SDK keeps the running program's state for the whole process.
  const spinner = progress(`previewing ${stacks.join(", ")}`);
  try {
    for (const stack of stacks) {
      const request = {
        projectDir: options.cwd,
        stack,
        onResource: (count: number) => spinner.update(`${stack}: ${count} resources`),
      };
      // One stack that fails is no reason to say nothing of the others.
      await (asksEngine(options) ? previewByEngine(options, stack) : preview(request)).then(
        (one) => previews.push(one),
        (error: unknown) => failures.push({ stack, error }),
      );
    }
  } finally {
    spinner.stop();
  }
  const [failed] = failures;
  if (failed && previews.length === 0 && failures.length === 1) throw failed.error;
  const seconds = (performance.now() - started) / 1000;
  for (const { stack, error } of failures) {
    console.error(`${stack} cannot be previewed:\n${safeLines(asFailure(error).message).replace(/^/gm, "  ")}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
  if (previews.length === 0) return;
  if (options.html === undefined) write(render(previews, asked, options, seconds), options.out);
  else write(htmlReport(previews.map(reviewOfPreview)), options.html);
  const stops = ({ policies, findings }: Preview) => mandatoryFailures(policies).length + findings.findings.length > 0;
  if (failures.length === 0 && previews.some(stops)) process.exitCode = 2;
}

function render(
  previews: readonly Preview[],
  asked: readonly string[],
  { json, graph, out }: Options,
  seconds: number,
): string {
  if (json) return JSON.stringify(asked.length === 1 ? previews[0]!.plan : previews.map(({ plan }) => plan), null, 2);
  if (graph) return previews.map(({ plan }) => mermaid(plan)).join("\n\n");
  const text = asked.length === 0 ? overview(previews, seconds) : previews.map((each) => oneStack(each)).join("\n\n");
  return out === undefined ? wrapped(text) : text;
}

function write(text: string, file: string | undefined): void {
  if (file === undefined) console.log(text);
  else {
    writeFileSync(file, `${text}\n`);
    console.error(`written to ${file}`);
  }
}
