import rule from "../../../../../policy/rules/aws/cloudfront/cf-headers";
import { given, specify, unknown } from "../../../spec";

const distribution = (responseHeadersPolicyId: unknown) =>
  given("aws:cloudfront/distribution:Distribution", { defaultCacheBehavior: { responseHeadersPolicyId } });

specify(rule, {
  passes: { "a policy that is not known yet": distribution(unknown("urn#id")) },
  fails: { "no policy": [distribution(undefined), "defaultCacheBehavior.responseHeadersPolicyId"] },
  open: {
    "a behavior that is not known": [
      given("aws:cloudfront/distribution:Distribution", { defaultCacheBehavior: unknown() }),
      "defaultCacheBehavior",
    ],
  },
});
