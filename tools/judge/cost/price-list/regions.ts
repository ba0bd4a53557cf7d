/** Regions of the price list. A row with one price for each has them in this order. */
export const regions = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "ca-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-central-1",
  "eu-north-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
] as const;
export type Region = (typeof regions)[number];

export function isKnownRegion(region: string): region is Region {
  return (regions as readonly string[]).includes(region);
}
