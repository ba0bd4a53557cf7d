import { findRule } from "../../../policy/index";
import { type Cases, given, partly, specify, unknown, urnOf } from "../spec";

const distribution = "aws:cloudfront/distribution:Distribution";
const certificate = "aws:acm/certificate:Certificate";
const validation = "aws:acm/certificateValidation:CertificateValidation";
const cachePolicy = "aws:cloudfront/cachePolicy:CachePolicy";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const arn = "viewerCertificate.acmCertificateArn";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);

const issued = (properties: object = {}, name = "edge") =>
  given(certificate, { region: "us-east-1", domainName: "shop.example.com", ...properties }, { name });
const edge = (aliases: string[], acmCertificateArn: unknown = unknown(`${urnOf(certificate, "edge")}#arn`)) =>
  given(distribution, { aliases, viewerCertificate: { acmCertificateArn } });
const validated = given(
  validation,
  { certificateArn: unknown(`${urnOf(certificate, "edge")}#arn`) },
  { name: "validated" },
);
const onValidated = edge(["shop.example.com"], unknown(`${urnOf(validation, "validated")}#certificateArn`));
/** As an engine says it that tells where a value comes from, and not by which output. */
const referring = (urn: string) =>
  given(
    distribution,
    { aliases: ["shop.example.com"], viewerCertificate: { acmCertificateArn: unknown() } },
    { references: { viewerCertificate: [urn] } },
  );
const elsewhere = issued({ region: "eu-central-1", domainName: "other.example.com" }, "other");

more("cloudfront-certificate-region", {
  passes: {
    "CloudFront's own certificate": given(distribution, {}),
    "a validated one of us-east-1": [onValidated, validated, elsewhere, issued()],
    "one that nobody names": [referring(urnOf("x")), elsewhere],
    "an ARN beside another certificate": [edge([], "arn:aws:acm:us-east-1:1:certificate/a"), elsewhere],
  },
  fails: {
    "a validated one of Frankfurt": [[onValidated, validated, issued({ region: "eu-central-1" })], arn],
    "one that is referred to": [[referring(urnOf(certificate, "other")), issued(), elsewhere], arn],
    "a validation that is referred to": [
      [referring(urnOf(validation, "validated")), issued({ region: "eu-central-1" }), validated],
      arn,
    ],
  },
});
more("cloudfront-alias-certificate", {
  passes: {
    "no names": given(distribution, {}),
    "a certificate of IAM": given(distribution, {
      aliases: ["a.example.com"],
      viewerCertificate: { iamCertificateId: "x" },
    }),
    "a certificate of elsewhere": [edge(["shop.example.com"], "arn:aws:acm:us-east-1:1:certificate/a"), elsewhere],
    "a second name": [edge(["www.example.com"]), issued({ subjectAlternativeNames: ["www.example.com"] })],
    "the second certificate": [edge(["shop.example.com"]), elsewhere, issued()],
    "a validated one": [onValidated, issued(), validated],
  },
  fails: {
    "another name of a validated one": [
      [onValidated, issued({ domainName: "www.example.com" }), validated],
      "aliases[0]",
    ],
  },
});
more("cloudfront-origin-exists", {
  fails: {
    "none for a path": [
      given(distribution, { origins: [{ originId: "a" }], orderedCacheBehaviors: [{ targetOriginId: "b" }] }),
      "orderedCacheBehaviors[0].targetOriginId",
    ],
  },
});
more("cloudfront-ttl-order", {
  passes: {
    "all the same": given(cachePolicy, { minTtl: 1, defaultTtl: 1, maxTtl: 1 }),
    "the least alone": given(cachePolicy, { minTtl: 9 }),
    "the usual alone": given(cachePolicy, { defaultTtl: 9 }),
    "the most alone": given(cachePolicy, { maxTtl: 0 }),
  },
});
more("cloudfront-allowed-methods", {
  passes: {
    "CloudFront's own": given(distribution, { defaultCacheBehavior: {} }),
    "all seven": given(distribution, {
      defaultCacheBehavior: { allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] },
    }),
  },
  fails: {
    "HEAD alone, for a path": [
      given(distribution, { orderedCacheBehaviors: [{ allowedMethods: ["HEAD"] }] }),
      "orderedCacheBehaviors[0].allowedMethods",
    ],
  },
});
more("waf-cloudfront-region", {
  passes: { "the provider's region": given("aws:wafv2/webAcl:WebAcl", { scope: "CLOUDFRONT" }) },
});
more("waf-rule-priorities", {
  passes: { "none yet": given("aws:wafv2/webAcl:WebAcl", { rules: [{ name: "a" }, { name: "b" }] }) },
});

const logging = (destination: unknown = unknown(`${urnOf(logGroup, "waf")}#arn`)) =>
  given("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { logDestinationConfigs: [destination] });
const named = (name: string, properties: Record<string, unknown> = {}) => given(logGroup, properties, { name });
more("waf-log-destination", {
  passes: {
    "a name that Pulumi makes": [logging(unknown(`${urnOf(logGroup, "aws-waf-logs-a")}#arn`)), named("aws-waf-logs-a")],
    "an ARN": logging("arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-a"),
    "an ARN that begins well": logging(partly("arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-{0}", "x#y")),
    "the second group": [logging(), named("other"), named("waf", { namePrefix: "aws-waf-logs-" })],
  },
  fails: {
    "another name that Pulumi makes": [[logging(), named("waf")], "logDestinationConfigs[0]"],
    "a name that ends so": [[logging(), named("waf", { name: "my-aws-waf-logs-" })], "logDestinationConfigs[0]"],
  },
  open: { "one that is not known": [logging(unknown()), "logDestinationConfigs[0]"] },
});
const delivered = given("aws:cloudwatch/logDeliverySource:LogDeliverySource", {
  region: "eu-central-1",
  resourceArn: unknown(`${urnOf(distribution, "cdn")}#arn`),
});
more("logs-delivery-region", {
  passes: { "logs of something else": [delivered, given(distribution, {}, { name: "other" })] },
  fails: {
    "the second distribution": [
      [delivered, given(distribution, {}, { name: "other" }), given(distribution, {}, { name: "cdn" })],
      "region",
    ],
  },
});
