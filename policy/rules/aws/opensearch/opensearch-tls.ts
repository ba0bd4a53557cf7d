import { defineRule } from "../../../rule";

export default defineRule({
  id: "opensearch-tls",
  title: "Search domains take HTTPS alone, from TLS 1.2 on",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
  references: ["FSBP Opensearch.8", "CKV_AWS_83", "CKV_AWS_228"],
  why: "Queries, answers and credentials cross the network as they are otherwise.",
  fix: "Set `domainEndpointOptions.enforceHttps` to true and its `tlsSecurityPolicy` to `Policy-Min-TLS-1-2-PFS-2023-10`.",
  judge(resource, { fail, separately }) {
    separately(
      () => {
        const enforceHttps = resource.get("domainEndpointOptions", "enforceHttps");
        if (enforceHttps.isNot(true)) fail(enforceHttps, "Plain HTTP is answered.");
      },
      () => {
        const tlsSecurityPolicy = resource.get("domainEndpointOptions", "tlsSecurityPolicy");
        if (tlsSecurityPolicy.isNot("Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-2-PFS-2023-10"))
          fail(tlsSecurityPolicy, "Versions of TLS before 1.2 are taken.");
      },
    );
  },
});
