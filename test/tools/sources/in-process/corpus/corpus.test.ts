import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SettingsError } from "../../../../../stacks/settings/problems";
import { readStack, StackFileError } from "../../../../../tools/sources/in-process/stack-file";
import { settingsFrom } from "../../../../../stacks/settings/load";
import { encryptedValue } from "./case";
import { cases } from "./cases";
import { type Answer, answerOf, lay } from "./project";

/** What the engine answered: corpus.engine.test.ts asks it again, and writes this file. */
const engine = JSON.parse(readFileSync(join(__dirname, "engine-answers.json"), "utf8")) as Record<string, Answer>;

describe("a corpus of stack files, read in-process", () => {
  for (const each of cases) {
    it(`${each.title}: as the engine reads it`, () => {
      const theirs = engine[each.title];
      ok(theirs !== undefined, "not asked yet: UPDATE_ANSWERS=1 npm run test:engine");
      const { folder, cwd } = lay(each);
      const ours = inProcess(cwd);
      rmSync(folder, { recursive: true, force: true });
      if (each.stricter === true) ok(ours.settings === undefined);
      else if (theirs.settings !== undefined) deepEqual(ours, theirs);
      else if (theirs.refused !== undefined)
        ok(ours.settings === undefined, `the engine refuses it: ${theirs.refused}`);
      // Of what is encrypted the engine knows the section alone.
      else
        for (const key of theirs.problems!)
          ok(
            ours.problems?.some((own) => own.startsWith(key)),
            JSON.stringify(ours),
          );
      if (theirs.problems !== undefined) equal(ours.settings, undefined);
      if (theirs.refused === undefined && each.stricter !== true) deepEqual(ours.values, theirs.values);
    });
  }
});

function inProcess(cwd: string): Answer {
  let config = {};
  try {
    const read = readStack(cwd, "test");
    const { stack, secretKeys, project, mistyped: problems } = read;
    config = read.config;
    return answerOf(
      { settings: settingsFrom(stack, read.config, (key) => secretKeys.includes(key), { project, problems }) },
      config,
    );
  } catch (error) {
    if (error instanceof StackFileError) return { refused: error.message };
    ok(error instanceof SettingsError, String(error));
    ok(
      !error.message.includes(encryptedValue) && !error.message.includes("encrypted-in-the-stack-file"),
      error.message,
    );
    return answerOf({ problems: error.problems.map(({ key }) => key) }, config);
  }
}
