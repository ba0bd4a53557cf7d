import * as ipaddr from "ipaddr.js";

export const tiers = ["public", "private", "isolated"] as const;
export type Tier = (typeof tiers)[number];

/** Zones that the address plan has room for, whether they are used or not. */
const zonesPerTier = 4;

/**
 * The range of one subnet. The VPC is cut into 16 equal blocks, four a tier, so that another zone later never moves a
 * subnet that exists. The last four stay free. A /16 gives subnets of 4,091 usable addresses.
 *
 * @param zone From 0.
 * @example subnetCidr("10.20.0.0/16", "private", 1) // 10.20.80.0/20
 */
export function subnetCidr(vpcCidr: string, tier: Tier, zone: number): string {
  const [network, bits] = ipaddr.IPv4.parseCIDR(vpcCidr);
  // A load balancer's subnet must be /27 or larger: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
  if (bits > 23)
    throw new Error(`cidr ${vpcCidr}: expected /23 or larger, so that each of 16 subnets has room for a load balancer`);
  const subnetBits = bits + 4;
  const block = tiers.indexOf(tier) * zonesPerTier + zone;
  const address = network.octets.reduce((number, octet) => number * 256 + octet, 0) + block * 2 ** (32 - subnetBits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/${subnetBits}`;
}

/**
 * The range of a public subnet: each is a /64 of the VPC's /56.
 *
 * @example ipv6SubnetCidr("2a05:d014:1a2b:3c00::/56", 1) // "2a05:d014:1a2b:3c01::/64"
 */
export function ipv6SubnetCidr(vpc: string, index: number): string {
  // In a preview without an account it is not known.
  if (!ipaddr.IPv6.isValidCIDR(vpc)) return `${vpc}, ${index + 1}`;
  const address = ipaddr.IPv6.networkAddressFromCIDR(vpc);
  return `${new ipaddr.IPv6(address.parts.map((part, at) => (at === 3 ? part + index : part))).toString()}/64`;
}
