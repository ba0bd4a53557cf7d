import { OperateError } from "../contract";
import { stackNamed } from "../stack";
import type { DataDriver } from "./contract";

/** The driver of a stack's database. */
export async function dataDriverOf(name: string, folder: string): Promise<DataDriver> {
  const stack = await stackNamed(name, folder);
  const { operations } = stack;
  if (operations.target !== "docker") {
    throw new OperateError(
      `${name} is on ${operations.target}, where this verb does not work yet. How a copy is restored there: pulumi stack output restore --stack ${name}`,
    );
  }
  if (operations.backup === undefined) {
    throw new OperateError(
      `${name} has no point-in-time recovery. With a database of its own: slipway:docker.pointInTimeRecovery: true, then pulumi up; how its daily dump is restored: pulumi stack output restore --stack ${name}. Otherwise the operator of the database backs it up`,
    );
  }
  return (require("./docker") as typeof import("./docker")).dockerData(operations.backup.container);
}
