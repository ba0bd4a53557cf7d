import ipaddr from "ipaddr.js";

import type { Stack } from "../../../stack";
import type { Value } from "../../../value";

export type Range = readonly [first: number, last: number, bits: number];

/** An IPv4 block as numbers; undefined for what is none. */
export function range(block: Value): Range | undefined {
  const text = block.string();
  if (text === undefined || !ipaddr.IPv4.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.IPv4.parseCIDR(text);
  const first = address.toByteArray().reduce((number, byte) => number * 256 + byte, 0);
  return [first, first + 2 ** (32 - bits) - 1, bits];
}

/** AWS keeps five addresses of each subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const reserved = 5;

/** Addresses that the subnets of a list have together; undefined where one of them is not in the stack. */
export function usableAddresses(stack: Stack, subnets: Value): number | undefined {
  const known = stack.ofType("aws:ec2/subnet:Subnet");
  const counts = subnets.items().map((value) => {
    const found = known.find(
      (one) =>
        value.sources.some((source) => source.startsWith(`${one.urn}#`)) ||
        (!value.isUnknown && one.identities().includes(value.string() ?? "")),
    );
    const block = found?.get("cidrBlock");
    const there = block === undefined || block.absent ? undefined : range(block);
    return there && there[1] - there[0] + 1 - reserved;
  });
  return counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count) => sum + count!, 0);
}
