// CDK=folder node -r ./tools/typescript.cjs test/bench/synth.bench.ts: preview of prod beside `cdk synth` of an equal stack.
// The CDK is 214 MB and no dependency: npm install --prefix FOLDER aws-cdk-lib constructs aws-cdk
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paired } from "./paired";

const root = join(__dirname, "../..");
const cdk = process.env["CDK"];

if (cdk === undefined) console.log("cdk synth: not measured; CDK names the folder in which it is installed");
else {
  const out = mkdtempSync(join(tmpdir(), "slipway-cdk-"));
  try {
    const program = `${process.execPath} ${join(__dirname, "cdk-app.cjs")}`;
    const bin = join(cdk, "node_modules/aws-cdk/bin/cdk");
    const synth = [bin, "synth", "--quiet", "--no-notices", "--no-lookups", "--output", out, "--app", program];
    const { status, stderr } = spawnSync(process.execPath, synth, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const template = JSON.parse(readFileSync(join(out, "shop-prod.template.json"), "utf8")) as { Resources: object };
    const preview = [join(root, "tools/slipway.cjs"), "preview", "prod"];
    const { floor, subject, time } = paired(synth, preview);
    console.log(
      `preview of prod: ${subject.seconds.toFixed(2)} s; cdk synth of ${Object.keys(template.Resources).length} resources: ` +
        `${floor.seconds.toFixed(2)} s: ${time.toFixed(2)}x (at most 0.25x)`,
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
