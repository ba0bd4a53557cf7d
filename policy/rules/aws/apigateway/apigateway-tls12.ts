import { defineRule } from "../../../rule";

export default defineRule({
  id: "apigateway-tls12",
  title: "API domains take TLS 1.2 and later",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:apigateway/domainName:DomainName"],
  references: ["CKV_AWS_206"],
  why: "TLS 1.0 and 1.1 are broken, and browsers have left them.",
  fix: "Set `securityPolicy` to `TLS_1_2` or a `SecurityPolicy_TLS13_*` policy.",
  judge(resource, { fail }) {
    const value = resource.get("securityPolicy");
    if (value.is("TLS_1_0")) fail(value, "TLS 1.0 is taken.");
  },
});
