import rule from "../../../../../policy/rules/aws/iam/iam-no-service-admin";
import { given, specify, unknown } from "../../../spec";

const policy = (Action: unknown, Resource: unknown) =>
  given("aws:iam/policy:Policy", { policy: { Statement: [{ Effect: "Allow", Action, Resource }] } });

specify(rule, {
  passes: {
    "a service on one resource": policy("s3:*", "arn:aws:s3:::shop/*"),
    "one action on all": policy("ecr:GetAuthorizationToken", "*"),
  },
  fails: { "a service on everything": [policy(["logs:PutLogEvents", "s3:*"], "*"), "policy.Statement[0].Action[1]"] },
  open: { "a resource that is not known": [policy("s3:*", unknown()), "policy.Statement[0].Resource"] },
});
