/** What AWS has in some regions and not in others. */

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions,
 * as of November 2026. The zones that it leaves out are those without Fargate: {@link zonesWithoutFargate}.
 */
const vpcOrigins: readonly string[] = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"],
  ...["ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1"],
  ...["eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1"],
  ...["mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];

export const hasVpcOrigins = (region: string): boolean => vpcOrigins.includes(region);

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html, as of November 2026. */
const cacheFamilies: Readonly<Record<string, readonly string[]>> = {
  "ap-southeast-7": ["m7g", "r7g", "t3", "t4g"],
  "mx-central-1": ["m7g", "r7g", "t3", "t4g"],
};

/** Families of ElastiCache's nodes where a region has few; undefined where nothing is known to be missing. */
export const cacheFamiliesIn = (region: string): readonly string[] | undefined => cacheFamilies[region];
