import rule from "../../../../../policy/rules/aws/cloudfront/cf-origin-https";
import { given, specify, unknown } from "../../../spec";

const distribution = (customOriginConfig: unknown) =>
  given("aws:cloudfront/distribution:Distribution", { origins: [{ customOriginConfig }] });
const policy = "origins[0].customOriginConfig.originProtocolPolicy";

specify(rule, {
  passes: {
    "TLS 1.2": distribution({ originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] }),
    "a bucket": distribution(undefined),
  },
  fails: {
    "plain HTTP": [distribution({ originProtocolPolicy: "http-only" }), policy],
    "whatever the viewer used": [distribution({ originProtocolPolicy: "match-viewer" }), policy],
    "TLS 1.0 beside 1.2": [
      distribution({ originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2", "TLSv1"] }),
      "origins[0].customOriginConfig.originSslProtocols[1]",
    ],
    "a VPC origin": [
      given("aws:cloudfront/vpcOrigin:VpcOrigin", { vpcOriginEndpointConfig: { originProtocolPolicy: "http-only" } }),
      "vpcOriginEndpointConfig.originProtocolPolicy",
    ],
  },
  open: { "a policy that is not known": [distribution({ originProtocolPolicy: unknown() }), policy] },
});
