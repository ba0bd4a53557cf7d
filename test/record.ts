import { type Recording, recordProgram } from "../tools/sources/in-process/in-process";
import type { Plan, PlanResource } from "../tools/plan/plan";

/** Runs `program` in-process and returns what it registered. Test names of project and stack: `shop`, `test`. */
export async function record(program: () => unknown, recording: Partial<Recording> = {}): Promise<Plan> {
  return recordProgram({ project: "shop", stack: "test", ...recording, program });
}

/** The one resource of a type, or of a type and a name. */
export function only(plan: Plan, type: string, name?: string): PlanResource {
  const found = all(plan, type).filter((resource) => name === undefined || resource.name === name);
  if (found.length !== 1) {
    const there = plan.resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
    throw new Error(`expected one ${type} ${name ?? ""}, found ${found.length} among\n  ${there}`);
  }
  return found[0]!;
}

export function all(plan: Plan, type: string): PlanResource[] {
  return plan.resources.filter((resource) => resource.type === type);
}
