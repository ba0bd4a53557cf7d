/**
 * The partition of a region, as the second word of every ARN has it. Known from the region alone, so that a policy can be
 * judged before anything exists: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function awsPartition(region: string): "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc" {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** End of the host names of a region's services. */
export function awsDnsSuffix(region: string): string {
  return {
    aws: "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
    "aws-eusc": "amazonaws.eu",
  }[awsPartition(region)];
}

/**
 * Name of an interface endpoint. Those of the services that came to China later have a prefix of their own:
 * https://docs.amazonaws.cn/en_us/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export function awsEndpoint(region: string, service: string): string {
  const prefix = awsPartition(region) === "aws-cn" && /^(ecr|ecs|sts)\b/.test(service) ? "cn.com" : "com";
  return `${prefix}.amazonaws.${region}.${service}`;
}

/** Where the console of a region is: each partition has its own. */
export function awsConsole(region: string): string {
  const hosts = {
    aws: `${region}.console.aws.amazon.com`,
    "aws-cn": `${region}.console.amazonaws.cn`,
    "aws-us-gov": `${region}.console.amazonaws-us-gov.com`,
    "aws-eusc": `${region}.console.amazonaws-eusc.eu`,
  };
  return `https://${hosts[awsPartition(region)]}`;
}
