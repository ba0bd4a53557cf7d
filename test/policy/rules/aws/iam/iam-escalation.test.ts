import rule from "../../../../../policy/rules/aws/iam/iam-escalation";
import { given, specify, unknown } from "../../../spec";

const type = "aws:iam/policy:Policy";
const allow = (action: unknown, resource: unknown = "*", more: object = {}) =>
  given(type, {
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: action, Resource: resource, ...more }] }),
  });

specify(rule, {
  passes: {
    "a named role": allow("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/app"),
    "a named function": allow("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:123456789012:function:app"),
    reading: allow(["iam:GetRole", "iam:List*"]),
    "a condition": allow("sts:AssumeRole", "*", { Condition: { StringEquals: { "aws:ResourceTag/team": "shop" } } }),
    "a denial": allow("iam:*", "*", { Effect: "Deny" }),
    "all, which is another rule's": allow("*"),
    "all but IAM": given(type, {
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }] }),
    }),
  },
  fails: {
    "another version of any policy": [allow("iam:CreatePolicyVersion"), "policy.Statement[0].Action"],
    "any key": [allow(["s3:GetObject", "iam:CreateAccessKey"]), "policy.Statement[0].Action[1]"],
    "a pattern of them": [allow("iam:Attach*"), "policy.Statement[0].Action"],
    "a pattern of one sign": [allow("iam:Put?olePolicy"), "policy.Statement[0].Action"],
    "every role": [allow("sts:AssumeRole", "arn:aws:iam::*:role/*"), "policy.Statement[0].Action"],
    "any function": [
      allow("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:123456789012:function:*"),
      "policy.Statement[0].Action",
    ],
    "all but another service": [
      given(type, { policy: JSON.stringify({ Statement: [{ Effect: "Allow", NotAction: ["s3:*"], Resource: "*" }] }) }),
      "policy.Statement[0].NotAction[0]",
    ],
    "a role's own": [
      given("aws:iam/role:Role", {
        inlinePolicies: [{ policy: { Statement: [{ Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "*" }] } }],
      }),
      "inlinePolicies[0].policy.Statement[0].Action",
    ],
  },
  open: { "a document that is not known": [given(type, { policy: unknown("urn#json") }), "policy"] },
});
