import rule from "../../../../../policy/rules/aws/cloudfront/cf-tls12";
import { given, specify, unknown } from "../../../spec";

const distribution = (viewerCertificate: unknown) =>
  given("aws:cloudfront/distribution:Distribution", { viewerCertificate });
const version = "viewerCertificate.minimumProtocolVersion";

specify(rule, {
  passes: {
    "TLS 1.2": distribution({ acmCertificateArn: unknown("urn#arn"), minimumProtocolVersion: "TLSv1.2_2021" }),
    "TLS 1.3": distribution({ minimumProtocolVersion: "TLSv1.3_2025" }),
  },
  fails: {
    "TLS 1.1": [distribution({ minimumProtocolVersion: "TLSv1.1_2016" }), version],
    "TLS 1.0": [distribution({ minimumProtocolVersion: "TLSv1" }), version],
    "the default certificate": [
      distribution({ cloudfrontDefaultCertificate: true }),
      "viewerCertificate.cloudfrontDefaultCertificate",
    ],
  },
  open: { "a version that is not known": [distribution({ minimumProtocolVersion: unknown() }), version] },
});
