import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Plan } from "../../tools/plan/plan";
import { renderComment } from "../../tools/readers/comment/render";
import { showReview } from "../../tools/readers/terminal/review";
import { reviewsOf } from "../../tools/review/build";
import { preview } from "../../tools/review/preview";
import type { Review } from "../../tools/review/review";
import { judge } from "../../tools/review/verdict";
import type { Base } from "../../tools/sources/base";
import { stackNames } from "../../tools/sources/in-process/stack-file";
import { projectDir } from "../project";

/** What a repository says on one side. What is not said is as shipped. */
export interface Side {
  /** Over the shipped stack file, by key; `null` takes a key out. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The shipped program runs. Default: true. */
  readonly shipped?: false;
  /** Lines of TypeScript's JavaScript after the stack, with `pulumi`, `aws` and `k8s`. */
  readonly program?: string;
  /** The stack file is not there. */
  readonly deleted?: true;
}

export interface Branch {
  readonly stack?: "prod" | "staging" | "local";
  readonly base?: Side;
  readonly branch: Side;
  /** Files that git would name, from the top of the repository. */
  readonly changedFiles?: readonly string[];
  readonly labels?: readonly string[];
}

export interface Told {
  readonly review: Review;
  readonly gravity: string;
  readonly comment: string;
  readonly terminal: string;
}

const kept: string[] = [];
const plans = new Map<string, Promise<Plan>>();

/** A folder with a project of that side. */
function lay(stack: string, side: Side): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-branch-"));
  kept.push(folder);
  const shipped = readFileSync(join(projectDir, "Pulumi.yaml"), "utf8")
    .replace("main: index.ts", "main: program.cjs")
    .replace(/\n {4}nodeargs: .*/, "");
  writeFileSync(join(folder, "Pulumi.yaml"), shipped);
  writeFileSync(join(folder, "package.json"), "{}");
  symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
  symlinkSync(join(projectDir, "app"), join(folder, "app"));
  symlinkSync(join(projectDir, "packages"), join(folder, "packages"));
  if (!side.deleted) {
    const file = parse(readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
    // A section that the shipped file has already keeps its other keys.
    const edited = Object.entries(side.settings ?? {}).map(([key, value]): [string, unknown] => {
      const shipped = file.config[key];
      return [key, isSection(shipped) && isSection(value) ? { ...shipped, ...value } : value];
    });
    const config = Object.entries({ ...file.config, ...Object.fromEntries(edited) }).filter(
      ([, value]) => value !== null,
    );
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config: Object.fromEntries(config) }));
  }
  writeFileSync(
    join(folder, "program.cjs"),
    [
      'const pulumi = require("@pulumi/pulumi");',
      'const aws = require("@pulumi/aws");',
      'const k8s = require("@pulumi/kubernetes");',
      `const shipped = require(${JSON.stringify(join(projectDir, "index.ts"))});`,
      "module.exports = async (settings) => {",
      side.shipped === false ? "const outputs = {};" : "const outputs = await shipped(settings);",
      side.program ?? "",
      "return outputs;",
      "};",
    ].join("\n"),
  );
  return folder;
}

/** What the reviewer of a branch is told. One process for all: bases that many branches share are previewed once. */
export async function told({
  stack = "prod",
  base = {},
  branch,
  changedFiles = [],
  labels = [],
}: Branch): Promise<Told> {
  const before = lay(stack, base);
  const after = lay(stack, branch);
  const key = JSON.stringify([stack, base]);
  const plan = base.deleted
    ? undefined
    : await (plans.get(key) ??
        plans
          .set(
            key,
            preview({ projectDir: before, stack }).then((one) => one.plan),
          )
          .get(key)!);
  const there: Base = {
    commit: "b".repeat(40),
    projectDir: before,
    stacks: stackNames(before),
    changedFiles: [`Pulumi.${stack}.yaml`, ...changedFiles],
    dirty: false,
    preview: () => Promise.resolve(plan),
    ask: () => Promise.reject(new Error("The rules are the same on both sides.")),
    withFile: () => Promise.reject(new Error("The rules are the same on both sides.")),
    close: () => undefined,
  };
  const request = { projectDir: after, stacks: [stack], base: "main", commit: "a".repeat(40), labels };
  const [review] = await reviewsOf(there, request);
  return {
    review: review!,
    gravity: judge(review!).gravity,
    comment: renderComment([review!], { key: "preview" }),
    terminal: showReview(review!),
  };
}

export function clear(): void {
  for (const folder of kept.splice(0)) rmSync(folder, { recursive: true, force: true });
  plans.clear();
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
