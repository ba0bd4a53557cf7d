// node -r ./tools/typescript.cjs test/bench/diff.bench.ts
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectDir } from "../project";
import { paired } from "./paired";

/** The program of this repository, with so many resources more. A tenth of them differs between two generations. */
const program = (resources: number, generation: number) => `
import * as kubernetes from "@pulumi/kubernetes";
for (let index = 0; index < ${resources}; index++) {
  const value = index % 10 === 0 ? "generation ${generation}" : "steady";
  new kubernetes.core.v1.ConfigMap(\`map-\${index}\`, {
    metadata: { namespace: "bench", labels: { "app.kubernetes.io/part-of": "bench", index: \`\${index}\` } },
    data: { value, settings: JSON.stringify({ index, value, lists: [1, 2, 3] }) },
  });
}
`;

/** A repository of its own, with the base committed and a working tree that differs. */
function repository(resources: number): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
  const tracked = execFileSync("git", ["ls-files"], { cwd: projectDir, encoding: "utf8" }).trim().split("\n");
  for (const file of tracked.filter((name) => !/^(app|docs|test|\.github)\//.test(name))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(projectDir, file), join(folder, file));
  }
  symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "index.ts"), program(resources, 1));
  git("init", "--quiet", "--initial-branch", "main");
  // A link is no folder to .gitignore.
  writeFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  git("add", "--all");
  git("-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "-m", "base");
  writeFileSync(join(folder, "index.ts"), program(resources, 2));
  return folder;
}

console.log("slipway diff against two of slipway preview, on a program with as many resources:");
for (const resources of [100, 2000]) {
  const folder = repository(resources);
  try {
    const command = (name: string, ...rest: string[]) => [
      join(folder, "tools/slipway.cjs"),
      name,
      "staging",
      "--cwd",
      folder,
      ...rest,
    ];
    const { floor, subject, time } = paired(command("preview"), command("diff", "--base", "HEAD"), 5);
    console.log(
      `  ${String(resources).padStart(4)}  ${subject.seconds.toFixed(2)} s, one preview ${floor.seconds.toFixed(2)} s: ${(time / 2).toFixed(2)}x of two (at most 1.3x);` +
        ` ${subject.megabytes.toFixed(0)} MiB, one preview ${floor.megabytes.toFixed(0)} MiB`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
