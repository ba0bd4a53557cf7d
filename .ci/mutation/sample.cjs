// A checker for Stryker that passes a share of the mutants, the same ones for the same seed. The others count as if they did
// not compile, which is in no score.
"use strict";
const { createHash } = require("node:crypto");
const { join, relative } = require("node:path");

const root = join(__dirname, "..", "..");

class Sample {
  static inject = ["options"];

  constructor({ sample }) {
    this.sample = sample;
  }

  init() {}

  /** All at once: one by one is a message between two processes for each. */
  group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  check(mutants) {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        this.has(mutant) ? { status: "passed" } : { status: "compileError", reason: "not in the sample" },
      ]),
    );
  }

  has({ fileName, location: { start, end }, mutatorName, replacement }) {
    const what = [this.sample.seed, relative(root, fileName), start, end, mutatorName, replacement];
    const number = createHash("sha256").update(JSON.stringify(what)).digest().readUInt32BE();
    return number < this.sample.share * 2 ** 32;
  }
}

exports.strykerPlugins = [{ kind: "Checker", name: "sample", injectableClass: Sample }];
