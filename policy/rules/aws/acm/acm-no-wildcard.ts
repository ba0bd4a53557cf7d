import { defineRule } from "../../../rule";

export default defineRule({
  id: "acm-no-wildcard",
  title: "Certificates name their hosts",
  severity: "low",
  level: "mandatory",
  appliesTo: ["aws:acm/certificate:Certificate"],
  references: ["CKV2_AWS_71"],
  why: "With a wildcard, an attacker who takes over one forgotten host stands in for all of them.",
  fix: "List the host names in `domainName` and `subjectAlternativeNames`.",
  judge(certificate, { each, fail }) {
    const names = [certificate.get("domainName"), ...certificate.get("subjectAlternativeNames").items()];
    each(names, (name) => {
      if (name.text()?.startsWith("*.")) fail(name, "The certificate is for every host of a domain.");
    });
  },
});
