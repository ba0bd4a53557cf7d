import { writeSync } from "node:fs";
import type { Plan } from "../../plan/plan";
import { previewStack } from "../../sources/in-process/in-process";
import { readStack, requireNodeProgram } from "../../sources/in-process/stack-file";
import { asFailure } from "../failure";
import { stackSettings } from "../stack-settings";
import { answerOn, type Answer, type Asked } from "./answers";

/** The process in which programs run, one after the other: what they do to it is not done to who judges them. */

// A program may have put something else in their place by the time that they are used.
const { parse, stringify } = JSON;
const node = process as unknown as { reallyExit: (code: number) => never };
const exit = node.reallyExit.bind(process);

async function run(all: readonly Asked[]): Promise<void> {
  for (const one of all) {
    let isSpent = false;
    const answer = await planOf(one, () => (isSpent = true)).then(
      (plan): Answer => ({ what: "plan", plan }),
      // Of one that failed nobody knows what is still under way.
      (error: unknown): Answer => ({ what: "fails", failure: asFailure(error) }),
    );
    tell(answer);
    if (isSpent || (answer.what === "fails" && answer.failure.kind !== "settings")) break;
  }
  exit(0);
}

async function planOf({ projectDir, stack }: Asked, onSpent: () => void): Promise<Plan> {
  const configuration = readStack(projectDir, stack);
  requireNodeProgram(configuration);
  const { settings } = stackSettings(configuration);
  return previewStack({
    projectDir,
    stack,
    configuration,
    argument: settings,
    guard: { lastWords: answerOn },
    onSpent,
  });
}

/** Whole, before anything else happens: the program may end this process at any time. */
function tell(answer: Answer): void {
  const bytes = Buffer.from(`${stringify(answer)}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(answerOn, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

void run(parse(process.argv[2] ?? "[]") as readonly Asked[]);
