import type { Resource } from "../../../../../policy/index";
import { given } from "../../../spec";

export const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";

/** A task definition as programs write it: the containers as one JSON string. */
export function task(container: Record<string, unknown>, properties: Record<string, unknown> = {}): Resource {
  const containerDefinitions = JSON.stringify([{ name: "web", image: "shop:1.4.2", ...container }]);
  return given(taskDefinition, { family: "shop", networkMode: "awsvpc", containerDefinitions, ...properties });
}
