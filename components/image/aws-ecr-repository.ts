import { awsPartition } from "../shared/aws-partition";

/**
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the China regions have a suffix of their own, and
 * a registry that answers over IPv6 too has another name: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
const ecr =
  /^(?<account>\d{12})\.dkr(?:\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.(?:com|com\.cn|eu)|-ecr(?:-fips)?\.(?<dual>[a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn))\/(?<name>[^:@]+)/;

/** Region and ARN of the repository that an image's reference names; undefined for a registry other than ECR. */
export function ecrRepository(reference: string): { readonly region: string; readonly arn: string } | undefined {
  const { account, name, dual, region = dual } = ecr.exec(reference)?.groups ?? {};
  return region === undefined
    ? undefined
    : { region, arn: `arn:${awsPartition(region)}:ecr:${region}:${account}:repository/${name}` };
}
