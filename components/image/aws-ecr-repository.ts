import { awsPartition } from "../shared/aws-region";

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the China regions have a suffix of their own. */
const ecr =
  /^(?<account>\d{12})\.dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.(com|com\.cn|eu)\/(?<name>[^:@]+)/;

/** ARN of the repository that an image's reference names; undefined for a registry other than ECR. */
export function ecrRepositoryArn(reference: string): string | undefined {
  const { account, name, region } = ecr.exec(reference)?.groups ?? {};
  return region === undefined ? undefined : `arn:${awsPartition(region)}:ecr:${region}:${account}:repository/${name}`;
}
