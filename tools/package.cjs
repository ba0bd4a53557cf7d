// `npm pack` runs this: JavaScript and types in dist/, and beside them the files that the code reads.
"use strict";
const { spawnSync } = require("node:child_process");
const { cpSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const read = [
  "components/database/docker/dump.sh",
  "components/database/docker/scripts",
  "components/database/docker/image",
  "policy/PulumiPolicy.yaml",
  "tools/operate/host/prepare.sh",
  "tools/readers/page/template",
];
for (const file of read) cpSync(join(root, file), join(dist, file), { recursive: true });

// The rules alone are a package too: `npm pack ./dist/policy`. The engine starts it as a pack, in any program.
const own = require(join(root, "package.json"));
const rules = require(join(root, "policy", "package.json"));
const versions = { ...own.peerDependencies, ...own.dependencies };
const dependencies = ["@pulumi/policy", "@pulumi/pulumi", "ipaddr.js", "zod"].map((name) => [name, versions[name]]);
const manifest = {
  name: rules.name,
  version: own.version,
  description: rules.description,
  license: own.license,
  engines: own.engines,
  main: "pack.js",
  types: "index.d.ts",
  exports: { ".": "./index.js", "./package.json": "./package.json" },
  dependencies: Object.fromEntries(dependencies),
};
writeFileSync(join(dist, "policy", "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
