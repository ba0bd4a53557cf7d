import type { Resource } from "../../../../policy/index";
import { given } from "../../spec";

export function container(properties: Record<string, unknown>): Resource {
  return given("docker:index/container:Container", { name: "web", ...properties });
}

/** The containers of a swarm service keep the same settings elsewhere. */
export function service(containerSpec: Record<string, unknown>, properties: Record<string, unknown> = {}): Resource {
  return given("docker:index/service:Service", { taskSpec: { containerSpec }, ...properties });
}
