import rule from "../../../../../policy/rules/aws/iam/iam-no-admin";
import { given, partly, specify, unknown } from "../../../spec";

const type = "aws:iam/rolePolicy:RolePolicy";
const document = (...statements: unknown[]) => JSON.stringify({ Statement: statements });
const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const reading = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::shop/*" };

specify(rule, {
  passes: {
    "a policy that names what it allows": given(type, { policy: document(reading) }),
    "a refusal of everything": given(type, { policy: document({ ...everything, Effect: "Deny" }) }),
    "a policy around an ARN that is not known": given(type, {
      policy: partly(document({ ...reading, Resource: "{0}/*" }), "urn#arn"),
    }),
    "a role without inline policies": given("aws:iam/role:Role", { assumeRolePolicy: "{}" }),
  },
  fails: {
    "everything on everything": [given(type, { policy: document(everything) }), "policy.Statement[0].Action"],
    "everything in other words": [
      given(type, { policy: document({ Effect: "Allow", Action: "*:*", Resource: ["arn:aws:*:*:*:*"] }) }),
      "policy.Statement[0].Action",
    ],
    "everything but what is named": [
      given(type, { policy: document({ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::shop/*" }) }),
      "policy.Statement[0].Action",
    ],
    "one of a list": [
      given(type, { policy: document(reading, { ...everything, Action: ["s3:GetObject", "*"] }) }),
      "policy.Statement[1].Action[1]",
    ],
    "all but": [
      given(type, { policy: document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) }),
      "policy.Statement[0].NotAction",
    ],
    "an inline policy of a role": [
      given("aws:iam/role:Role", { inlinePolicies: [{ name: "all", policy: document(everything) }] }),
      "inlinePolicies[0].policy.Statement[0].Action",
    ],
    "everything behind an unknown": [
      given(type, {
        policy: partly(
          `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"{0}"},${JSON.stringify(everything)}]}`,
          "urn#arn",
        ),
      }),
      "policy.Statement[1].Action",
    ],
  },
  open: { "a policy that is not known": [given("aws:iam/policy:Policy", { policy: unknown() }), "policy"] },
});
