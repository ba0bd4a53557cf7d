import type { Target } from "../../../stacks/settings/settings";
import { readStack, settingsOf } from "../../sources/in-process/stack-file";
import { OperateError } from "../contract";
import type { Answer, Check, Diagnosis, Doctor, Finding } from "./contract";

/** The doctor of each target that has one. Only that one is loaded. */
const doctors: { readonly [Name in Target]?: () => Doctor<Target, unknown> } = {
  kubernetes: () => (require("./kubernetes/doctor") as typeof import("./kubernetes/doctor")).kubernetesDoctor,
  docker: () => (require("./docker/doctor") as typeof import("./docker/doctor")).dockerDoctor,
  "aws-ecs": () => (require("./aws-ecs/doctor") as typeof import("./aws-ecs/doctor")).awsEcsDoctor,
};

export interface DiagnoseOptions {
  readonly folder: string;
  readonly probe: boolean;
  readonly context?: string;
}

/** Asks the target of a stack file for everything that the stack needs. Of the stack itself nothing has to be there yet. */
export async function diagnose(name: string, { folder, probe, context }: DiagnoseOptions): Promise<Diagnosis> {
  const configuration = readStack(folder, name);
  const { stack } = configuration;
  const settings = settingsOf(configuration);
  const request = { stack, settings, configuration, folder, probe, context };
  const doctor = doctors[settings.target]?.();
  if (doctor === undefined) {
    throw new OperateError(
      `${stack} runs on ${settings.target}, which has no questions: slipway doctor knows ${Object.keys(doctors).join(", ")}`,
    );
  }
  const { place, facts } = await doctor.open(request);
  return {
    version: 1,
    ...{ stack, target: settings.target, place },
    findings: await findingsOf(doctor.checks, facts),
  };
}

/** Some at a time: each is a program that runs. */
const atOnce = 6;

export async function findingsOf<Facts>(checks: readonly Check<Facts>[], facts: Facts): Promise<Finding[]> {
  const asked = checks.filter((check) => check.applies(facts));
  const answers = new Map<string, Answer>();
  const waiting = [...asked];
  const next = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      answers.set(check.id, await answerOf(check, facts));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return asked.map(({ id, needs, when, level = "required", asked: how }) => ({
    ...{ id, needs, when, level, asked: how },
    answer: answers.get(id)!,
  }));
}

async function answerOf<Facts>(check: Check<Facts>, facts: Facts): Promise<Answer> {
  try {
    return await check.ask(facts);
  } catch (error) {
    // One question that is not allowed, or that breaks, is no reason not to ask the others.
    const found = error instanceof Error ? error.message : String(error);
    return { state: "unknown", found, fix: [`# ask for yourself: ${check.asked}`] };
  }
}
