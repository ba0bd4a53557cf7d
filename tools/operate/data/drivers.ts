import type { EcsOperations, KubernetesOperations } from "../../../stacks/operations";
import { OperateError, type Stack } from "../contract";
import { stackNamed } from "../stack";
import type { DataDriver } from "./contract";

/** The driver of a stack's database. Only that one is loaded. */
export async function dataDriverOf(name: string, folder: string): Promise<DataDriver> {
  const stack = await stackNamed(name, folder);
  const { operations } = stack;
  switch (operations.target) {
    case "docker": {
      if (operations.backup === undefined)
        throw new OperateError(
          `${name} has no point-in-time recovery. With a database of its own: slipway:docker.pointInTimeRecovery: true, then pulumi up; how its daily dump is restored: pulumi stack output restore --stack ${name}. Otherwise the operator of the database backs it up`,
        );
      return (require("./docker") as typeof import("./docker")).dockerData(operations.backup.container);
    }
    case "aws-ecs":
      return (require("./rds") as typeof import("./rds")).rdsData(stack as Stack<EcsOperations>);
    case "kubernetes": {
      const { kubernetesData } = require("./kubernetes") as typeof import("./kubernetes");
      return kubernetesData(stack as Stack<KubernetesOperations>);
    }
  }
}
