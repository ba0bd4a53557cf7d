import type * as aws from "@pulumi/aws";
import type { ServiceScaling } from "../contract";

type Capacity = Pick<aws.ecs.ServiceArgs, "launchType" | "capacityProviderStrategies" | "forceNewDeployment">;

/**
 * What tasks run on. ECS takes a launch type or capacity providers, not both, and a change of providers only with a new
 * deployment: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function capacity({ minReplicas }: ServiceScaling, spotPercent = 0): Capacity {
  if (spotPercent === 0) return { launchType: "FARGATE" };
  const spot = { capacityProvider: "FARGATE_SPOT", weight: spotPercent };
  return {
    forceNewDeployment: true,
    capacityProviderStrategies:
      spotPercent === 100
        ? [{ ...spot, weight: 1 }]
        : // The base is filled first: what must always be there is never taken away.
          [{ capacityProvider: "FARGATE", base: minReplicas, weight: 100 - spotPercent }, spot],
  };
}
