// node -r ./tools/typescript.cjs test/bench/preview.bench.ts
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { paired } from "./paired";

const root = join(__dirname, "../..");
const slipway = join(root, "tools/slipway.cjs");
const typescript = join(root, "tools/typescript.cjs");
const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
const shown = (value: number) => value.toFixed(2);

try {
  console.log(`${cpus().length} cores, load ${shown(loadavg()[0]!)}, Node ${process.version}`);
  console.log("In-process preview, with policies and cost, against the SDK registering as many empty resources:");
  for (const stack of ["local", "staging", "prod"]) {
    const plan = join(folder, `${stack}.json`);
    const { status, stderr } = spawnSync(process.execPath, [slipway, "preview", stack, "--json", "--out", plan], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    const { floor, subject, time, memory } = paired([join(__dirname, "floor.cjs"), plan], [slipway, "preview", stack]);
    console.log(
      `  ${stack.padEnd(8)} ${shown(subject.seconds)} s, floor ${shown(floor.seconds)} s: ${shown(time)}x (at most 1.5x);` +
        ` ${subject.megabytes.toFixed(0)} MiB, floor ${floor.megabytes.toFixed(0)} MiB: ${shown(memory)}x (at most 1.3x)`,
    );
  }

  const empty = join(folder, "empty.cjs");
  writeFileSync(empty, "");
  const help = paired([empty], [slipway, "--help"]);
  console.log(
    `slipway --help: ${shown(help.subject.seconds)} s (at most 0.25 s), an empty program ${shown(help.floor.seconds)} s`,
  );
  console.log("Applications in one program, each with database, cache and secrets:");
  const growth = ["-r", typescript, join(__dirname, "growth.ts")];
  const one = paired([...growth, "1"], [...growth, "10"]);
  const many = paired([...growth, "1"], [...growth, "50"]);
  const each = (pair: typeof one, count: number) => ((pair.subject.seconds - pair.floor.seconds) * 1000) / (count - 1);
  console.log(
    `  from 1 to 10: ${each(one, 10).toFixed(1)} ms each; from 1 to 50: ${each(many, 50).toFixed(1)} ms each: ${shown(each(many, 50) / each(one, 10))}x (linear is 1)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
