import rule from "../../../../../policy/rules/aws/cloudfront/cf-logs";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:cloudfront/distribution:Distribution";
const distribution = given(type, {});
const source = (resourceArn: unknown) =>
  given("aws:cloudwatch/logDeliverySource:LogDeliverySource", { resourceArn }, { name: "logs" });

specify(rule, {
  passes: {
    "logs to a bucket": given(type, { loggingConfig: { bucket: unknown("urn#bucketDomainName") } }),
    "logs by a delivery": [distribution, source(unknown(`${urnOf(type)}#arn`))],
  },
  fails: { "no logs": [distribution, "loggingConfig"] },
  open: { "a delivery of who knows what": [[distribution, source(unknown())], "resourceArn of logs"] },
});
