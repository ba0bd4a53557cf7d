import { aws } from "../../../rules/aws/types";
import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";
import { refusal } from "../../refusal";

const api = "https://docs.aws.amazon.com";
const cloudfront = `${api}/AmazonCloudFront/latest/DeveloperGuide`;
const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";

const region = refusal({
  id: "cloudfront-certificate-region",
  title: "CloudFront's certificate is in us-east-1",
  appliesTo: aws.distribution,
  scope: "stack",
  source: `${cloudfront}/cnames-and-https-requirements.html`,
  why: "CreateDistribution answers InvalidViewerCertificate.",
  fix: "Give a certificate of ACM in us-east-1.",
  judge: (distribution, { stack, fail }) => {
    const arn = distribution.get("viewerCertificate", "acmCertificateArn");
    if (arn.absent) return;
    const own = certificateOf(stack, distribution, arn);
    const elsewhere = own
      ? own.get("region").isNot("us-east-1")
      : !arn.isUnknown && !/^arn:[^:]+:acm:us-east-1:/.test(arn.string() ?? "");
    if (elsewhere) fail(arn, "is not in us-east-1");
  },
});

/** The certificate of the stack that a distribution has, named by itself or by its validation. */
function certificateOf(stack: Stack, distribution: Resource, arn: Value): Resource | undefined {
  const named = stack
    .ofType(certificateType, validationType)
    .find(
      ({ urn }) =>
        arn.sources.some((source) => source.startsWith(`${urn}#`)) ||
        (arn.isUnknown && distribution.references["viewerCertificate"]?.includes(urn)),
    );
  if (named?.type !== validationType) return named;
  return stack.ofType(certificateType).find((one) => stack.names(named, "certificateArn", one));
}

const names = refusal({
  id: "cloudfront-alias-certificate",
  title: "Every name of a distribution has a certificate",
  appliesTo: aws.distribution,
  scope: "stack",
  source: `${cloudfront}/CNAMEs.html#alternate-domain-names-requirements`,
  why: "CreateDistribution answers `To add an alternate domain name (CNAME), you must attach a trusted certificate`.",
  fix: "Put the name on the certificate, or take it off the distribution.",
  judge: (distribution, { stack, each, fail }) => {
    const aliases = distribution.get("aliases").items();
    if (aliases.length === 0) return;
    const arn = distribution.get("viewerCertificate", "acmCertificateArn");
    if (arn.absent && distribution.get("viewerCertificate", "iamCertificateId").absent)
      return fail(distribution.get("aliases"), "need a certificate of their own");
    const certificate = certificateOf(stack, distribution, arn);
    if (certificate === undefined) return;
    const covered = [certificate.get("domainName"), ...certificate.get("subjectAlternativeNames").items()];
    each(aliases, (alias) => {
      const name = alias.string() ?? "";
      const wildcard = `*.${name.split(".").slice(1).join(".")}`;
      if (!covered.some((one) => one.is(name, wildcard))) fail(alias, "is not on the certificate");
    });
  },
});

const origins = refusal({
  id: "cloudfront-origin-exists",
  title: "A cache behaviour leads to an origin of its distribution",
  appliesTo: aws.distribution,
  source: `${api}/cloudfront/latest/APIReference/API_CacheBehavior.html`,
  why: "CreateDistribution answers NoSuchOrigin.",
  fix: "Name an origin, or a group of origins, by its originId.",
  judge: ({ root }, { each, fail }) => {
    const ids = [...root.get("origins").items(), ...root.get("originGroups").items()].map((origin) =>
      origin.get("originId"),
    );
    each([root.get("defaultCacheBehavior"), ...root.get("orderedCacheBehaviors").items()], (behavior) => {
      const target = behavior.get("targetOriginId");
      if (target.present && !ids.some((id) => id.sameAs(target))) fail(target, "names no origin of this distribution");
    });
  },
});

const ttl = refusal({
  id: "cloudfront-ttl-order",
  title: "A cache policy's times are in order",
  appliesTo: ["aws:cloudfront/cachePolicy:CachePolicy"],
  source: `${api}/cloudfront/latest/APIReference/API_CachePolicyConfig.html`,
  why: "CreateCachePolicy answers InvalidArgument.",
  fix: "minTtl at most defaultTtl, defaultTtl at most maxTtl.",
  judge: ({ root }, { fail }) => {
    const [least, usual, most] = [root.get("minTtl"), root.get("defaultTtl").number(), root.get("maxTtl")];
    if ((least.number() ?? 0) > (usual ?? Infinity)) fail(least, "is above defaultTtl");
    if ((usual ?? 0) > (most.number() ?? Infinity)) fail(most, "is below defaultTtl");
  },
});

const scope = refusal({
  id: "waf-cloudfront-region",
  title: "A firewall of CloudFront is made in us-east-1",
  appliesTo: aws.webAcl,
  source: `${api}/waf/latest/APIReference/API_CreateWebACL.html`,
  why: "CreateWebACL answers `The scope is not valid` in any other region.",
  fix: "Set region us-east-1.",
  judge: ({ root }, { fail }) => {
    if (root.get("scope").is("CLOUDFRONT") && root.get("region").present && root.get("region").isNot("us-east-1"))
      fail(root.get("region"), "is not us-east-1");
  },
});

const priorities = refusal({
  id: "waf-rule-priorities",
  title: "Rules of a firewall have priorities of their own",
  appliesTo: aws.webAcl,
  source: `${api}/waf/latest/APIReference/API_Rule.html`,
  why: "CreateWebACL answers WAFInvalidParameterException.",
  fix: "Give each rule another priority.",
  judge: ({ root }, { fail }) => {
    const seen = new Set<number>();
    for (const rule of root.get("rules").items()) {
      const priority = rule.get("priority").number();
      if (priority === undefined) continue;
      if (seen.has(priority)) fail(rule.get("priority"), "is another rule's, too");
      seen.add(priority);
    }
  },
});

const logs = refusal({
  id: "waf-log-destination",
  title: "Logs of a firewall go where WAF may write",
  appliesTo: ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"],
  scope: "stack",
  source: `${api}/waf/latest/developerguide/logging-cw-logs.html`,
  why: "PutLoggingConfiguration answers WAFLogDestinationPermissionIssueException: the name must begin with aws-waf-logs-.",
  fix: "Name the log group, bucket or stream `aws-waf-logs-…`.",
  judge: (configuration, { stack, each, fail }) =>
    each(configuration.get("logDestinationConfigs").items(), (destination) => {
      const group = stack
        .ofType(...aws.logGroup)
        .find((one) => destination.sources.some((source) => source.startsWith(`${one.urn}#`)));
      const name = group?.get("name").present ? group.get("name") : group?.get("namePrefix");
      const text = name?.text();
      const fits = group
        ? (text?.startsWith("aws-waf-logs-") ?? group.name.startsWith("aws-waf-logs-"))
        : /:aws-waf-logs-/.test(destination.text()?.head ?? "");
      if (!fits && (group !== undefined || !destination.isUnknown))
        fail(destination, "does not begin with aws-waf-logs-");
    }),
});

const delivery = refusal({
  id: "logs-delivery-region",
  title: "Logs of a distribution are delivered from us-east-1",
  appliesTo: ["aws:cloudwatch/logDeliverySource:LogDeliverySource"],
  scope: "stack",
  source: `${cloudfront}/standard-logging.html`,
  why: "PutDeliverySource answers ResourceNotFoundException in any other region.",
  fix: "Set region us-east-1 of source and delivery.",
  judge: (from, { stack, fail }) => {
    const edge = stack.ofType(...aws.distribution).some((one) => stack.names(from, "resourceArn", one));
    if (edge && from.get("region").isNot("us-east-1")) fail(from.get("region"), "is not us-east-1");
  },
});

const viewer = refusal({
  id: "cloudfront-allowed-methods",
  title: "Methods of a cache behaviour are one of the three sets",
  appliesTo: aws.distribution,
  source: `${api}/cloudfront/latest/APIReference/API_AllowedMethods.html`,
  why: "CreateDistribution answers InvalidArgument for any other combination.",
  fix: "GET HEAD, GET HEAD OPTIONS, or all seven.",
  judge: ({ root }, { each, fail }) =>
    each([root.get("defaultCacheBehavior"), ...root.get("orderedCacheBehaviors").items()], (behavior) => {
      const methods = behavior
        .get("allowedMethods")
        .items()
        .map((one) => one.string() ?? "");
      const set = [...methods].sort().join(" ");
      if (methods.length > 0 && !methodSets.includes(set))
        fail(behavior.get("allowedMethods"), "is none of the sets that CloudFront offers");
    }),
});

const methodSets = ["GET HEAD", "GET HEAD OPTIONS", "DELETE GET HEAD OPTIONS PATCH POST PUT"];

export const edgeRules = [region, names, origins, ttl, scope, priorities, logs, delivery, viewer];
