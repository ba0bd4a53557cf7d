import rule from "../../../../../policy/rules/aws/cloudfront/cf-https";
import { given, specify, unknown } from "../../../spec";

const distribution = (first: unknown, second: unknown) =>
  given("aws:cloudfront/distribution:Distribution", {
    defaultCacheBehavior: { viewerProtocolPolicy: first },
    orderedCacheBehaviors: [{ pathPattern: "/_next/static/*", viewerProtocolPolicy: second }],
  });

specify(rule, {
  passes: { redirects: distribution("redirect-to-https", "https-only") },
  fails: {
    "plain HTTP by default": [distribution("allow-all", "https-only"), "defaultCacheBehavior.viewerProtocolPolicy"],
    "plain HTTP for a path": [distribution(unknown(), "allow-all"), "orderedCacheBehaviors[0].viewerProtocolPolicy"],
  },
  open: {
    "a policy that is not known": [distribution(unknown(), "https-only"), "defaultCacheBehavior.viewerProtocolPolicy"],
  },
});
