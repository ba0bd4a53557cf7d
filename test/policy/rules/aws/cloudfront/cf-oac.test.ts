import rule from "../../../../../policy/rules/aws/cloudfront/cf-oac";
import { given, specify, unknown, urnOf } from "../../../spec";

const distribution = (origin: Record<string, unknown>) =>
  given("aws:cloudfront/distribution:Distribution", { origins: [origin] });
const control = "origins[0].originAccessControlId";
const bucketDomain = unknown(`${urnOf("aws:s3/bucket:Bucket")}#bucketRegionalDomainName`);

specify(rule, {
  passes: {
    "a bucket with access control": distribution({
      domainName: bucketDomain,
      originAccessControlId: unknown("urn#id"),
    }),
    "a bucket with an access identity": distribution({
      s3OriginConfig: { originAccessIdentity: "origin-access-identity/cloudfront/E1" },
    }),
    "a load balancer": distribution({
      domainName: unknown("urn#dnsName"),
      customOriginConfig: { originProtocolPolicy: "https-only" },
    }),
  },
  fails: {
    "a bucket by its name": [distribution({ domainName: "assets.s3.eu-central-1.amazonaws.com" }), control],
    "a bucket by its output": [distribution({ domainName: bucketDomain }), control],
    "a bucket that poses as a custom origin": [
      distribution({ domainName: "assets.s3.amazonaws.com", customOriginConfig: {} }),
      control,
    ],
    "an origin that can be nothing else": [distribution({ domainName: unknown() }), control],
  },
  open: {
    "origins that are not known": [
      given("aws:cloudfront/distribution:Distribution", { origins: unknown() }),
      "origins",
    ],
  },
});
