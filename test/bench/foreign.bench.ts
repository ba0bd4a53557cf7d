// node -r ./tools/typescript.cjs test/bench/foreign.bench.ts
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { paired } from "./paired";

const root = join(__dirname, "../..");
const slipway = join(root, "tools/slipway.cjs");
const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));

/** A program of somebody else: buckets and queues, each with a few settings. */
const program = (count: number) => `const aws = require("@pulumi/aws");
for (let i = 0; i < ${count} / 2; i++) {
  const bucket = new aws.s3.Bucket("files-" + i, { tags: { index: String(i) } });
  new aws.sqs.Queue("jobs-" + i, { messageRetentionSeconds: 3600, tags: { bucket: bucket.arn } });
}
`;
/** The same, with no more than the SDK's own mocks. */
const bare = `require("node:module").enableCompileCache?.();
const pulumi = require("@pulumi/pulumi");
const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };
pulumi.runtime.setMocks(mocks, "bare", "dev", true).then(() =>
  pulumi.runtime.runInPulumiStack(async () => require(process.cwd() + "/index.js")));
`;

try {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const files = {
    "Pulumi.yaml": "name: bare\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config:\n  aws:region: eu-central-1\n  slipway:policies:\n    level: advisory\n",
  };
  for (const [name, text] of Object.entries({
    ...files,
    "package.json": "{}",
    ".gitignore": "node_modules\n",
    "bare.cjs": bare,
  }))
    writeFileSync(join(folder, name), text);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=b", "-c", "user.email=b@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "-q", "-b", "main");
  process.chdir(folder);
  console.log(`A program of somebody else, against loading and registering it bare; load ${loadavg()[0]!.toFixed(2)}:`);
  for (const count of [100, 2000]) {
    writeFileSync(join(folder, "index.js"), program(count));
    git("add", ".");
    git("commit", "-qm", String(count));
    writeFileSync(join(folder, "index.js"), program(count).replace("3600", "7200"));
    for (const [name, args] of [
      ["preview", ["preview", "dev"]],
      ["diff", ["diff", "dev", "--base", "main", "--fail-on", "none"]],
    ] as const) {
      const { floor, subject, time, memory } = paired([join(folder, "bare.cjs")], [slipway, ...args], 5);
      console.log(
        `  ${name.padEnd(8)} ${count} resources: ${subject.seconds.toFixed(2)} s, bare ${floor.seconds.toFixed(2)} s: ${time.toFixed(2)}x (at most 1.3x); memory ${memory.toFixed(2)}x`,
      );
    }
  }
} finally {
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
}
