// node -r ./tools/typescript.cjs test/bench/engine.bench.ts
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../tools/plan/plan";
import { previewStack } from "../../tools/sources/in-process/in-process";
import { Workspace } from "../engine/workspace";
import { engineVariables, missing, projectDir } from "../project";
import { median } from "./paired";

/** A few lines of JavaScript that register as many components and resources, with nothing in them. */
function emptyProgram(folder: string, plan: Plan): void {
  const components = plan.resources.filter(({ custom }) => !custom).length - 1;
  const resources = plan.resources.length - 1 - components;
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(join(folder, "Pulumi.empty.yaml"), "config: {}\n");
  writeFileSync(
    join(folder, "index.js"),
    `const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
for (let i = 0; i < ${components}; i++) new pulumi.ComponentResource("empty:index:Component", \`component-\${i}\`);
for (let i = 0; i < ${resources}; i++) new random.RandomId(\`resource-\${i}\`, { byteLength: 8 });
`,
  );
  for (const part of ["node_modules", "package.json"]) symlinkSync(join(projectDir, part), join(folder, part));
}

function pulumi(folder: string, ...args: string[]): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync("pulumi", [...args, "--non-interactive"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...engineVariables(folder) },
  });
  if (status !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return (performance.now() - start) / 1000;
}

async function main(): Promise<void> {
  const lacking = missing("pulumi", "pulumi-resource-docker", "pulumi-resource-random", "pulumi-resource-tls");
  if (lacking.length > 0) return console.log(`pulumi preview: not measured, not on PATH: ${lacking.join(", ")}`);
  const plan = await previewStack({ projectDir, stack: "local" });
  const empty = mkdtempSync(join(tmpdir(), "slipway-empty-"));
  const local = await Workspace.create("local", {
    target: "docker",
    preset: "development",
    domain: "localhost",
    image: "slipway-bench:1",
    cdn: { implementation: "nginx" },
  });
  try {
    emptyProgram(empty, plan);
    pulumi(empty, "stack", "init", "empty");
    const preview = (folder: string) => pulumi(folder, "preview", "--stack", folder === empty ? "empty" : "local");
    preview(empty);
    preview(local.folder);
    const runs = Array.from({ length: 5 }, () => ({ floor: preview(empty), subject: preview(local.folder) }));
    const seconds = (values: readonly number[]) => `${median(values).toFixed(2)} s`;
    console.log(
      `pulumi preview of local, ${plan.resources.length} resources (load ${loadavg()[0]!.toFixed(1)}): ${seconds(runs.map(({ subject }) => subject))};` +
        ` an empty program with as many: ${seconds(runs.map(({ floor }) => floor))};` +
        ` ${median(runs.map(({ floor, subject }) => subject / floor)).toFixed(2)}x (at most 1.25x)`,
    );
  } finally {
    local.remove();
    rmSync(empty, { recursive: true, force: true });
  }
}

void main();
