import rule from "../../../../../policy/rules/aws/acm/acm-no-wildcard";
import { given, partly, specify, unknown } from "../../../spec";

const certificate = "aws:acm/certificate:Certificate";

specify(rule, {
  passes: {
    "hosts by name": given(certificate, {
      domainName: "shop.example.com",
      subjectAlternativeNames: ["www.example.com"],
    }),
    "a host of a zone that is not known": given(certificate, { domainName: partly("shop.{0}", "urn#name") }),
  },
  fails: {
    "every host": [given(certificate, { domainName: "*.example.com" }), "domainName"],
    "every host beside one": [
      given(certificate, { domainName: unknown(), subjectAlternativeNames: ["*.example.com"] }),
      "subjectAlternativeNames[0]",
    ],
    "every host of a zone that is not known": [
      given(certificate, { domainName: partly("*.{0}", "urn#name") }),
      "domainName",
    ],
  },
  open: { "a name that is not known": [given(certificate, { domainName: unknown() }), "domainName"] },
});
