import rule from "../../../../../policy/rules/aws/opensearch/opensearch-tls";
import { given, specify, unknown } from "../../../spec";

const type = "aws:opensearch/domain:Domain";

specify(rule, {
  passes: {
    "HTTPS from 1.2": given(type, {
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
    }),
  },
  fails: {
    HTTP: [
      given(type, { domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" } }),
      "domainEndpointOptions.enforceHttps",
    ],
    "TLS 1.0": [
      given(type, { domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" } }),
      "domainEndpointOptions.tlsSecurityPolicy",
    ],
  },
  open: { "what is not known": [given(type, { domainEndpointOptions: unknown("urn#x") }), "domainEndpointOptions"] },
});
