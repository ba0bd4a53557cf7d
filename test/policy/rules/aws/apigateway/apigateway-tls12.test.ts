import rule from "../../../../../policy/rules/aws/apigateway/apigateway-tls12";
import { given, specify, unknown } from "../../../spec";

const type = "aws:apigateway/domainName:DomainName";

specify(rule, {
  passes: {
    "1.2": given(type, { securityPolicy: "TLS_1_2" }),
    "AWS's default for new domains": given(type, {}),
  },
  fails: {
    "1.0": [given(type, { securityPolicy: "TLS_1_0" }), "securityPolicy"],
  },
  open: { "what is not known": [given(type, { securityPolicy: unknown("urn#x") }), "securityPolicy"] },
});
