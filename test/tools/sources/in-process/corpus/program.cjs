// What the engine runs for the corpus: the program's own reading of the settings, and nothing after it.
"use strict";
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const root = process.env.SLIPWAY_ROOT;
require(join(root, "tools/typescript.cjs"));
const { loadSettings } = require(join(root, "stacks/settings/load.ts"));
const { SettingsError } = require(join(root, "stacks/settings/problems.ts"));

module.exports = async () => {
  let answer;
  try {
    answer = { settings: loadSettings() };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    answer = { problems: error.problems.map(({ key }) => key), message: error.message };
  }
  answer.config = require("@pulumi/pulumi").runtime.allConfig();
  writeFileSync(process.env.SLIPWAY_ANSWER, JSON.stringify(answer));
};
