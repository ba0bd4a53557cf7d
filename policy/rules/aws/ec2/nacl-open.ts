import type { Resource } from "../../../resource";
import { defineRule } from "../../../rule";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";

const standalone = "aws:ec2/networkAclRule:NetworkAclRule";

/** One entry, in whichever of the provider's two forms it was written. */
interface Entry {
  readonly value: Value;
  readonly number: Value;
  readonly action: Value;
}

export default defineRule({
  id: "nacl-open",
  title: "Network ACLs keep shells and remote desktops from the internet",
  severity: "medium",
  level: "advisory",
  scope: "stack",
  appliesTo: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", standalone],
  references: ["FSBP EC2.21", "CIS AWS 5.1", "CKV_AWS_231", "CKV_AWS_232"],
  why: "A network ACL is what still holds where somebody opens a security group by mistake.",
  fix: "Deny ports 22 and 3389 from 0.0.0.0/0 and ::/0 by an entry of a lower number, or allow the ports that are needed.",
  parameters: {
    ports: { type: "strings", default: ["22", "3389"], description: "Ports that nobody reaches from the internet." },
  },
  judge(resource, { each, fail, parameters, stack }) {
    const own = resource.type === standalone ? [entryOf(resource)] : inlineOf(resource);
    const beside = resource.type === standalone ? siblings(resource, stack) : own;
    const ports = parameters.ports.map(Number);
    each(own.filter(isIngress), (entry) => {
      if (!entry.action.is("allow")) return;
      for (const cidr of anywhere(entry)) {
        const open = ports.filter((port) => covers(entry, port) && !isDenied(entry, cidr, port, beside));
        if (open.length > 0) fail(cidr, `Anybody may reach port ${open.join(" and ")}.`);
      }
    });
  },
});

function inlineOf(acl: Resource): Entry[] {
  return acl
    .get("ingress")
    .items()
    .map((value) => ({ value, number: value.get("ruleNo"), action: value.get("action") }));
}

function entryOf({ root }: Resource): Entry {
  return { value: root, number: root.get("ruleNumber"), action: root.get("ruleAction") };
}

/** Entries of the same list. */
function siblings(rule: Resource, stack: Stack): Entry[] {
  const list = (one: Resource) => JSON.stringify([one.get("networkAclId").raw, one.references["networkAclId"]]);
  const own = list(rule);
  return stack
    .ofType(standalone)
    .filter((one) => list(one) === own)
    .map(entryOf);
}

function isIngress({ value }: Entry): boolean {
  return !value.get("egress").is(true);
}

function anywhere({ value }: Entry): Value[] {
  return [value.get("cidrBlock"), value.get("ipv6CidrBlock")].filter(
    (cidr) => cidr.present && /^(0\.0\.0\.0|::)\/0$/.test((cidr.string() ?? "").trim()),
  );
}

function covers({ value }: Entry, port: number): boolean {
  if (value.get("protocol").is("-1", "all", -1)) return true;
  if (!value.get("protocol").is("6", "tcp", 6)) return false;
  const from = value.get("fromPort").number();
  const to = value.get("toPort").number();
  return from !== undefined && to !== undefined && from <= port && port <= to;
}

/** The lowest number that matches decides. */
function isDenied(allowed: Entry, cidr: Value, port: number, entries: readonly Entry[]): boolean {
  const number = allowed.number.number() ?? Infinity;
  return entries.some(
    (entry) =>
      isIngress(entry) &&
      entry.action.is("deny") &&
      (entry.number.number() ?? Infinity) < number &&
      anywhere(entry).some((denied) => denied.string()?.trim() === cidr.string()?.trim()) &&
      covers(entry, port),
  );
}
