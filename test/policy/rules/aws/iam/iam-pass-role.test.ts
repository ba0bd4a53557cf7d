import rule from "../../../../../policy/rules/aws/iam/iam-pass-role";
import { given, specify, unknown } from "../../../spec";

const policy = (statement: Record<string, unknown>) =>
  given("aws:iam/policy:Policy", {
    policy: { Statement: { Effect: "Allow", Action: "iam:PassRole", Resource: "*", ...statement } },
  });
const action = "policy.Statement.Action";

specify(rule, {
  passes: {
    "one role": policy({ Resource: "arn:aws:iam::1:role/shop-task" }),
    "roles for one service": policy({
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
    "another action": policy({ Action: "iam:GetRole" }),
  },
  fails: {
    "every role": [policy({}), action],
    "every role by a pattern": [policy({ Action: "iam:Pass*", Resource: "arn:aws:iam::1:role/*" }), action],
    "all of IAM": [policy({ Action: "iam:*" }), action],
  },
  open: { "a resource that is not known": [policy({ Resource: unknown() }), "policy.Statement.Resource"] },
});
