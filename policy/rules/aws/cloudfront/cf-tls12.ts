import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "cf-tls12",
  title: "The CDN speaks TLS 1.2 or newer",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.distribution,
  references: ["FSBP CloudFront.15", "CKV_AWS_174"],
  why: "TLS 1.0 and 1.1 are withdrawn (RFC 8996). With CloudFront's own certificate they cannot be turned off.",
  fix: 'Use a certificate of your own with `minimumProtocolVersion: "TLSv1.2_2021"` or newer.',
  judge(distribution, { fail }) {
    const certificate = distribution.get("viewerCertificate");
    const version = certificate.get("minimumProtocolVersion");
    if (certificate.get("cloudfrontDefaultCertificate").is(true)) {
      fail(certificate.get("cloudfrontDefaultCertificate"), "With the default certificate TLS 1.0 stays on.");
    } else if (version.absent || !/^TLSv1\.([3-9]|2_)/.test(version.string() ?? "")) {
      fail(version, "TLS 1.0 or 1.1 is accepted.");
    }
  },
});
