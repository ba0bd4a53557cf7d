import { readFileSync } from "node:fs";

import type { Command } from "commander";
import { closest } from "fastest-levenshtein";
import { parse } from "yaml";

import {
  catalogue,
  everyRule,
  findRule,
  mandatoryFailures,
  packConfiguration,
  policyConfiguration,
  type PolicyConfiguration,
} from "../../../policy/index";
import { policiesOf } from "../../../stacks/settings/policy-levels";
import { type PresetName, presetNames } from "../../../stacks/settings/settings";
import type { Plan } from "../../plan/plan";
import { planned } from "../../review/preview";
import { asksEngine, type EngineOptions, previewByEngine, withEngineOptions } from "../engine-options";
import { stacksIn } from "../../sources/in-process/stack-file";
import { evaluatePlan } from "../../judge/policy/evaluate-plan";
import { safeLines } from "../../readers/terminal/safe";
import { wrapped } from "../../readers/terminal/wrap";
import { explainRule, listRules, showReport } from "../../readers/terminal/policy";

/** What the commands exit with. */
export const exitCodes = { ok: 0, unusable: 1, violated: 2 } as const;

/** Adds the commands under `policy` to a command line. */
export function registerPolicyCommands(program: Command): void {
  const policy = program
    .command("policy")
    .description("list, explain and check the rules that judge a stack before it is deployed");

  policy
    .command("list")
    .description("every rule, with its level and what it asks for")
    .option("--json", "print JSON")
    .action(({ json }: { json?: boolean }) => print(json ? catalogue.map(metadata) : listRules(catalogue)));

  policy
    .command("explain")
    .description("why a rule exists, what it reads, how to satisfy it")
    .argument("<id>", "id of the rule")
    .action((id: string) => {
      const rule = findRule(id);
      if (rule) return print(explainRule(rule));
      const near = closest(
        id,
        catalogue.map((one) => one.id),
      );
      refuse(`There is no rule ${id}; did you mean ${near}? \`policy list\` shows all.`);
    });

  withEngineOptions(
    policy
      .command("check")
      .description("judge a stack of any program, or a plan that was written to a file")
      .argument("[stack]", "name as in Pulumi.<stack>.yaml; none: the only one here"),
  )
    .option("--plan <file>", "judge this plan instead, as `slipway preview <stack> --json` prints it")
    .option("--cwd <folder>", "folder with Pulumi.yaml", process.cwd())
    .option("--config <file>", "levels, parameters and exemptions: a YAML or JSON file, or a stack file that has them")
    .option("--today <date>", "the day on which exemptions are measured, YYYY-MM-DD")
    .option("--json", "print JSON")
    .action(check);

  policy
    .command("config")
    .description("the strictness of a stack as the engine takes it: pulumi preview --policy-pack-config")
    .requiredOption("--config <file>", "a stack file, or what is under `slipway:policies` in one")
    .action(({ config }: { config: string }) => {
      const configuration = attempt(() => readConfiguration(config));
      if (configuration) print(packConfiguration(configuration, everyRule));
    });
}

interface CheckOptions extends EngineOptions {
  readonly plan?: string;
  readonly cwd: string;
  readonly config?: string;
  readonly today?: string;
  readonly json?: boolean;
}

async function check(stack: string | undefined, options: CheckOptions): Promise<void> {
  const { plan: file, config, today, json } = options;
  const day = today === undefined ? new Date() : new Date(today);
  if (Number.isNaN(day.getTime())) return refuse(`--today ${today}: expected a date, YYYY-MM-DD`);
  const other = stack ?? (options.events === undefined ? (options.engine ? "--engine" : undefined) : "--events");
  if (file !== undefined && other !== undefined)
    return refuse(`${other} and --plan ${file} exclude each other: expected one of them`);
  const given = attempt(() => (config === undefined ? undefined : readConfiguration(config)));
  if (process.exitCode !== undefined) return;
  const judged =
    file === undefined ? await preview(stack, options) : attempt(() => ({ plan: readPlan(file), policies: {} }));
  if (judged === undefined) return;
  const report = evaluatePlan(judged.plan, given ?? judged.policies, { today: day });
  print(json ? report : showReport(report, judged.plan.stack));
  if (mandatoryFailures(report).length > 0) process.exitCode = exitCodes.violated;
}

/** The plan of a stack, and how strictly its file asks for it to be judged. */
async function preview(
  named: string | undefined,
  options: CheckOptions,
): Promise<{ readonly plan: Plan; readonly policies: PolicyConfiguration } | undefined> {
  const stacks = named === undefined ? stacksIn(options.cwd) : [named];
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    refuse(`Name a stack (${stacks.join(", ")}), or a plan by --plan.`);
    return undefined;
  }
  const { judgedBy, plan } = asksEngine(options)
    ? await previewByEngine(options, stack)
    : await planned({ projectDir: options.cwd, stack });
  return { plan, policies: judgedBy.policies };
}

function readPlan(file: string): Plan {
  const plan = JSON.parse(readText(file)) as Partial<Plan> | null;
  if (plan?.version !== 1 || !Array.isArray(plan.resources)) {
    throw new Error(`${file} is not a plan: write one with \`slipway preview <stack> --json\``);
  }
  return plan as Plan;
}

/** The configuration itself, or a stack file that has it under `slipway:policies`, over what its preset chose. */
function readConfiguration(file: string): PolicyConfiguration {
  const document = (parse(readText(file)) ?? {}) as { config?: Record<string, unknown> };
  const { config } = document;
  const parsed = policyConfiguration.safeParse(config ? (config["slipway:policies"] ?? {}) : document);
  if (parsed.success) return config ? policiesOf(presetOf(config, file), parsed.data) : parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}  ${message}`);
  throw new Error(
    [`${file} has ${problems.length} problem${problems.length === 1 ? "" : "s"}:`, ...problems].join("\n"),
  );
}

function presetOf(config: Readonly<Record<string, unknown>>, file: string): PresetName {
  const named = config["slipway:preset"] ?? "production";
  const preset = presetNames.find((name) => name === named);
  if (preset === undefined) throw new Error(`${file}: slipway:preset: expected ${presetNames.join(", ")}`);
  return preset;
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch {
    throw new Error(`${file} cannot be read`);
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    refuse(error instanceof SyntaxError ? "The file is not JSON." : (error as Error).message);
    return undefined;
  }
}

function refuse(message: string): void {
  process.exitCode = exitCodes.unusable;
  process.stderr.write(`${safeLines(message)}\n`);
}

function print(output: unknown): void {
  process.stdout.write(`${typeof output === "string" ? wrapped(output) : JSON.stringify(output, null, 2)}\n`);
}

/** A rule without its code, its type patterns as text. */
function metadata({ judge: _, remediate, appliesTo, ...rest }: (typeof catalogue)[number]) {
  return { ...rest, appliesTo: appliesTo.map(String), remediable: remediate !== undefined };
}
