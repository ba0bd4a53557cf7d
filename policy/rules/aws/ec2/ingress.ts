import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";
import { aws } from "../types";

/** One rule that lets traffic in, in whichever of the provider's three forms it was written. */
export interface Ingress {
  readonly value: Value;
  readonly protocol: Value;
  readonly from: Value;
  readonly to: Value;
  readonly cidrs: () => Value[];
}

/** The rules that a security group or a standalone rule states itself. */
export function ingressIn(resource: Resource): Ingress[] {
  if (resource.type.includes("SecurityGroupRule")) {
    return resource.get("type").is("egress") ? [] : [fromBlock(resource.root)];
  }
  if (resource.type.includes("SecurityGroupIngressRule")) return [fromIngressRule(resource.root)];
  return resource.get("ingress").items().map(fromBlock);
}

/** All that lets traffic into a group: its own rules and the standalone ones that name it. */
export function ingressOf(group: Resource, stack: Stack): Ingress[] {
  const rules = stack.referring(group, "securityGroupId", ...aws.ingressRule);
  return [group, ...rules.certain, ...rules.possible].flatMap(ingressIn);
}

/** Whether a rule lets in addresses that nobody chose: all of them, or so many that it amounts to it. */
export function admitsInternet(rule: Ingress): boolean {
  return openCidrs(rule).length > 0;
}

export function openCidrs(rule: Ingress): Value[] {
  return rule.cidrs().filter((cidr) => {
    const [address = "", bits] = (cidr.string() ?? "").trim().split("/");
    if (bits === undefined || !/^\d{1,3}$/.test(bits)) return false;
    return Number(bits) < (address.includes(":") ? 16 : 8);
  });
}

function fromBlock(value: Value): Ingress {
  const cidrs = () => [...value.get("cidrBlocks").items(), ...value.get("ipv6CidrBlocks").items()];
  return { value, protocol: value.get("protocol"), from: value.get("fromPort"), to: value.get("toPort"), cidrs };
}

function fromIngressRule(value: Value): Ingress {
  const cidrs = () => [value.get("cidrIpv4"), value.get("cidrIpv6")].filter(({ present }) => present);
  return { value, protocol: value.get("ipProtocol"), from: value.get("fromPort"), to: value.get("toPort"), cidrs };
}
