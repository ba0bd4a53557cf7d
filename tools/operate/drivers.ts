import type { DockerOperations, EcsOperations, KubernetesOperations } from "../../stacks/operations";
import type { Driver, Stack } from "./contract";
import { stackNamed } from "./stack";

/** The driver of a stack's target. Only that one is loaded. */
export async function driverOf(name: string, folder: string): Promise<{ driver: Driver; stack: Stack }> {
  const stack = await stackNamed(name, folder);
  switch (stack.operations.target) {
    case "docker": {
      const { dockerDriver } = require("./docker/driver") as typeof import("./docker/driver");
      return { stack, driver: dockerDriver(stack as Stack<DockerOperations>) };
    }
    case "aws-ecs": {
      const { ecsDriver } = require("./aws-ecs/driver") as typeof import("./aws-ecs/driver");
      return { stack, driver: ecsDriver(stack as Stack<EcsOperations>) };
    }
    case "kubernetes": {
      const { kubernetesDriver } = require("./kubernetes/driver") as typeof import("./kubernetes/driver");
      return { stack, driver: kubernetesDriver(stack as Stack<KubernetesOperations>) };
    }
  }
}
