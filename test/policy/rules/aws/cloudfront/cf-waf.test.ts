import rule from "../../../../../policy/rules/aws/cloudfront/cf-waf";
import { given, specify, unknown } from "../../../spec";

const distribution = "aws:cloudfront/distribution:Distribution";

specify(rule, {
  passes: { "a web ACL that is not known yet": given(distribution, { webAclId: unknown("urn#arn") }) },
  fails: {
    "no web ACL": [given(distribution, {}), "webAclId"],
    "an empty one": [given(distribution, { webAclId: "" }), "webAclId"],
  },
});
