import rule from "../../../../../policy/rules/aws/route53/dns-logs";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:route53/zone:Zone";
const zone = given(type, { name: "example.com" });
const log = (zoneId: unknown) => given("aws:route53/queryLog:QueryLog", { zoneId }, { name: "queries" });

specify(rule, {
  passes: {
    "a zone with a log": [zone, log(unknown(`${urnOf(type)}#zoneId`))],
    "a private zone": given(type, { name: "internal", vpcs: [{ vpcId: unknown("urn#id") }] }),
  },
  fails: { "a public zone without": [zone, ""] },
  open: { "a log of who knows what": [[zone, log(unknown())], "zoneId of queries"] },
});
