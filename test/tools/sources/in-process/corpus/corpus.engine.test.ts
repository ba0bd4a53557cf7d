import { deepEqual, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineVariables, missing, needs, projectDir } from "../../../../project";
import { type Case, encryptedValue } from "./case";
import { cases } from "./cases";
import { type Answer, answerOf, lay } from "./project";

const run = promisify(execFile);
const recorded = join(__dirname, "engine-answers.json");

/** `UPDATE_ANSWERS=1` writes what the engine answers, for corpus.test.ts, which has none; `missing` asks new cases alone. */
const update = process.env["UPDATE_ANSWERS"];

/** Each takes the engine two seconds: one of six is asked again, all with `CORPUS=all`, as after a new version of the engine. */
const asked =
  update !== undefined || process.env["CORPUS"] === "all" ? cases : cases.filter((_, index) => index % 6 === 0);

describe("a corpus of stack files, read by the engine", function () {
  const answers = JSON.parse(existsSync(recorded) ? readFileSync(recorded, "utf8") : "{}") as Record<string, Answer>;
  let state: string;

  before(function () {
    needs(this, missing("pulumi", "pulumi-language-nodejs"));
    state = mkdtempSync(join(tmpdir(), "slipway-corpus-state-"));
  });

  after(() => {
    const known = Object.entries(answers).filter(([title]) => cases.some((each) => each.title === title));
    if (update !== undefined) writeFileSync(recorded, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
    rmSync(state, { recursive: true, force: true });
  });

  for (const each of asked) {
    it(each.title, async function () {
      if (update === "missing" && answers[each.title] !== undefined) this.skip();
      const answer = await ask(each);
      if (update !== undefined) answers[each.title] = answer;
      else deepEqual(answer, answers[each.title]);
    });
  }

  async function ask(each: Case): Promise<Answer> {
    const { folder, cwd } = lay(each);
    const answer = join(folder, "answer.json");
    const home = mkdtempSync(join(state, "case-"));
    const env = {
      ...process.env,
      ...engineVariables(home),
      PULUMI_HOME: join(home, ".home"),
      SLIPWAY_ROOT: projectDir,
      SLIPWAY_ANSWER: answer,
    };
    const pulumi = async (...args: string[]) => run("pulumi", [...args, "--non-interactive"], { cwd, env });
    const stackFile = join(folder, each.at ?? "Pulumi.test.yaml");
    const text = readFileSync(stackFile);
    try {
      // `init` writes into the stack file, and would refuse what the preview is to be asked about.
      rmSync(stackFile);
      await pulumi("stack", "init", "test", "--no-select");
      writeFileSync(stackFile, text);
      await pulumi("preview", "--stack", "test");
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      const said = `${stdout}\n${stderr}`.split("\n").filter((line) => /error:/.test(line));
      ok(said.length > 0, String(error));
      return { refused: said[0]!.replace(/.*error: /, "").replaceAll(folder, "<folder>") };
    } finally {
      if (existsSync(answer)) {
        ok(!readFileSync(answer, "utf8").includes(`"message":"${encryptedValue}`));
      }
    }
    const {
      settings,
      problems,
      config,
      message = "",
    } = JSON.parse(readFileSync(answer, "utf8")) as Answer & { config: Record<string, string>; message?: string };
    ok(!message.includes(encryptedValue), "the message shows what is encrypted");
    rmSync(folder, { recursive: true, force: true });
    return answerOf({ settings, problems }, config);
  }
});
