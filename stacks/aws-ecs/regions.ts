import { closest } from "fastest-levenshtein";
import { ecrRepository } from "../../components/image/aws-ecr-repository";
import { awsSecretReference } from "../../components/secrets/aws-secret-reference";
import { awsPartition } from "../../components/shared/aws-partition";
import { cacheFamiliesIn, hasVpcOrigins } from "../../components/shared/aws-regional";
import { awsRegions } from "../../components/shared/aws-zones";
import { type Constraint, referencesIn } from "../settings/constraint";
import { isRds } from "../settings/sections/database";
import { type Problem, problem } from "../settings/problems";

/** What is named by its ARN lies in a region, and most of AWS sees its own alone. */

interface Named {
  readonly setting: string;
  readonly arn: string | undefined;
  /** Where it must be. Default: in the region of the stack. `partition`: anywhere that the region's accounts reach. */
  readonly within?: "region" | "partition";
  readonly why: string;
}

const inPartition = (setting: string, arn: string | undefined): Named => ({
  ...{ setting, arn, within: "partition" },
  why: "it is out of reach of this region's accounts",
});

const sameRegion: Constraint = ({ aws, cluster, database, image, loadBalancer, secrets, tls }, { awsRegion = "" }) => {
  const named: readonly Named[] = [
    { setting: "cluster.arn", arn: cluster.arn, why: "tasks run in a cluster of their own region" },
    { setting: "loadBalancer.arn", arn: loadBalancer.arn, why: "it is in a VPC of its own region" },
    inPartition("image", ecrRepository(image ?? "")?.arn),
    inPartition("database.passwordSecretArn", database.passwordSecretArn),
    inPartition("aws.permissionsBoundary", aws.permissionsBoundary),
    inPartition("aws.github.providerArn", aws.github?.providerArn),
    inPartition("aws.github.stateKeyArn", aws.github?.stateKeyArn),
    {
      setting: "tls.certificateArn",
      arn: tls.certificateArn,
      // https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html
      why: "a load balancer takes certificates of its own region",
    },
    inPartition("tls.cdnCertificateArn", tls.cdnCertificateArn),
    {
      setting: "database.storageKeyArn",
      arn: isRds(database.implementation) ? database.storageKeyArn : undefined,
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
      why: "RDS encrypts with keys of its own region",
    },
    inPartition("aws.imagePullSecret", aws.imagePullSecret),
    ...referencesIn(secrets).map(({ setting, reference }) =>
      inPartition(`${setting}.reference`, awsSecretReference(reference)?.arn),
    ),
  ];
  return named.flatMap(({ arn, setting, why, within }) => {
    const [, partition = "", , region = ""] = arn?.split(":") ?? [];
    if (arn === undefined || awsRegion === "") return [];
    const wanted = awsPartition(awsRegion);
    const wrong = partition !== wanted || (within !== "partition" && region !== awsRegion);
    return wrong
      ? problem(
          setting,
          undefined,
          `is in ${region === "" ? "another partition" : region} (arn:${partition}), and the stack in ${awsRegion}: ${why}; expected arn:${wanted}:…:${within === "partition" ? "" : `${awsRegion}:`}…`,
        )
      : [];
  });
};

/** A registry in a region that there is not: its name leads nowhere. */
const imageRegion: Constraint = ({ image }) => {
  const region = ecrRepository(image ?? "")?.region;
  return region === undefined || awsRegions.includes(region)
    ? []
    : problem(
        "image",
        image,
        `is in ${region}, which is not a region of AWS; did you mean ${closest(region, awsRegions)}?`,
      );
};

/** Secrets Manager and KMS of one region know nothing of the keys of another: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const secretKeys: Constraint = ({ secrets }) =>
  referencesIn(secrets).flatMap(({ setting, keyArn, reference }) => {
    if (keyArn === undefined) return [];
    const region = (arn: string | undefined) => arn?.split(":")[3];
    const [secret, key] = [region(awsSecretReference(reference)?.arn), region(keyArn)];
    return secret !== undefined && secret !== key
      ? problem(
          `${setting}.keyArn`,
          undefined,
          `is in ${key}, and the secret in ${secret}: a secret is encrypted with a key of its own region`,
        )
      : [];
  });

/** Endpoints lead to the services of their own region: https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html */
const withoutNat: Constraint = ({ image, network, secrets, storage }, { awsRegion = "" }) => {
  if (network.nat !== "none" || awsRegion === "") return [];
  const elsewhere = (setting: string, what: string, region: string | undefined): Problem[] =>
    region === undefined || region === awsRegion
      ? []
      : problem(
          setting,
          undefined,
          `${what} in ${region}, and slipway:network.nat none leaves a way to ${awsRegion} alone: expected one or per-zone`,
        );
  return [
    ...elsewhere("image", "is", image === undefined ? undefined : ecrRepository(image)?.region),
    ...(storage.implementation === "external" && storage.endpoint === undefined
      ? elsewhere("storage.region", "is", storage.region)
      : []),
    ...referencesIn(secrets).flatMap(({ setting, reference }) =>
      elsewhere(`${setting}.reference`, "is", awsSecretReference(reference)?.arn.split(":")[3]),
    ),
  ];
};

const offered: Constraint = ({ cache, cdn, monitoring }, { awsRegion = "" }) => {
  // Of a region that there is not, that alone is said.
  if (!awsRegions.includes(awsRegion)) return [];
  const families = cacheFamiliesIn(awsRegion);
  const family = cache.nodeType.split(".")[1] ?? "";
  return [
    ...(cdn.implementation === "cloudfront" && awsPartition(awsRegion) === "aws" && !hasVpcOrigins(awsRegion)
      ? problem(
          "cdn.implementation",
          "cloudfront",
          `CloudFront has no VPC origins in ${awsRegion}, by which it reaches the load balancer: expected none`,
        )
      : []),
    ...(awsPartition(awsRegion) !== "aws" && (monitoring.syntheticChecks ?? []).length > 0
      ? problem(
          "monitoring.syntheticChecks",
          undefined,
          `needs Route 53's metrics in us-east-1, which accounts of ${awsRegion} do not reach: expected []`,
        )
      : []),
    ...(cache.implementation === "elasticache" && families !== undefined && !families.includes(family)
      ? problem(
          "cache.nodeType",
          cache.nodeType,
          `is not offered in ${awsRegion}: expected a node type of ${families.join(", ")}`,
        )
      : []),
  ];
};

export const regionConstraints: readonly Constraint[] = [sameRegion, imageRegion, secretKeys, withoutNat, offered];
