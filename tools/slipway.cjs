#!/usr/bin/env node
// The command line. Pulumi's SDK needs Node 22 or newer; where an older one comes first on PATH, the project's own
// dependency takes over. The help needs no SDK, and is not worth a second start.
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const own = join(__dirname, "..", "node_modules", ".bin", "node");
const isHelp = process.argv.length === 3 && ["--help", "-h"].includes(process.argv[2]);
if (isHelp || Number(process.versions.node.split(".")[0]) >= 22) {
  require("./typescript.cjs");
  const built = join(__dirname, "..", "dist", "tools", "cli", "main.js");
  // In the repository the sources are what runs; in a package there are none.
  const sources = join(__dirname, "cli", "main.ts");
  require(existsSync(sources) ? sources : built).main(process.argv);
} else if (existsSync(own)) {
  // A young generation that holds what loading leaves behind: a tenth of a preview was spent on moving it about.
  const young = ["--min-semi-space-size=32", "--max-semi-space-size=64"];
  const { status, signal } = spawnSync(own, [...young, ...process.argv.slice(1)], { stdio: "inherit" });
  process.exit(signal === null ? status : 1);
} else {
  console.error(
    `slipway needs Node 22 or newer, and this is ${process.version}. Run \`npm ci\` first: it brings one along.`,
  );
  process.exit(1);
}
