/** Zones in which Fargate runs nothing, by id: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html */
export const zonesWithoutFargate: Readonly<Record<string, readonly string[]>> = {
  "us-east-1": ["use1-az3"],
  "us-west-1": ["usw1-az2"],
  "ap-northeast-1": ["apne1-az3"],
  "ca-central-1": ["cac1-az3"],
};

/** Regions that offer an account fewer than three zones with Fargate. */
const twoZones = ["us-west-1", "cn-north-1"];

/** How many zones a stack of a region can be spread over. */
export function usableZones(region: string): number {
  return twoZones.includes(region) ? 2 : 3;
}

/**
 * What the ids of a region's zones begin with. https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
 *
 * @example zoneIdPrefix("us-gov-west-1") // "usgw1-az"
 */
export function zoneIdPrefix(region: string): string {
  const directions = region.split("-").slice(1, -1).join("");
  const [area, number] = [region.split("-")[0], region.split("-").at(-1)];
  return `${area}${directions.replace(/gov|north|south|east|west|central/g, ([initial]) => initial!)}${number}-az`;
}

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html, as of November 2026. */
export const awsRegions: readonly string[] = [
  ...regions("af-south", 1),
  ...regions("ap-east", 2),
  ...regions("ap-northeast", 3),
  ...regions("ap-south", 2),
  ...regions("ap-southeast", 7),
  ...regions("ca-central", 1),
  ...regions("ca-west", 1),
  ...regions("cn-north", 1),
  ...regions("cn-northwest", 1),
  ...regions("eu-central", 2),
  ...regions("eu-north", 1),
  ...regions("eu-south", 2),
  ...regions("eu-west", 3),
  "eusc-de-east-1",
  ...regions("il-central", 1),
  ...regions("me-central", 1),
  ...regions("me-south", 1),
  ...regions("me-west", 1),
  ...regions("mx-central", 1),
  ...regions("sa-east", 1),
  ...regions("sa-west", 1),
  ...regions("us-east", 2),
  ...regions("us-gov-east", 1),
  ...regions("us-gov-west", 1),
  ...regions("us-west", 2),
];

function regions(area: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${area}-${index + 1}`);
}
