import type { Resource } from "../../../resource";

export function isApplicationLoadBalancer(balancer: Resource): boolean {
  const type = balancer.get("loadBalancerType");
  return !type.present || type.is("application");
}
