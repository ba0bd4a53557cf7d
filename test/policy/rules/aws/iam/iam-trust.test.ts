import rule from "../../../../../policy/rules/aws/iam/iam-trust";
import { given, partly, specify, unknown } from "../../../spec";

const role = (statement: Record<string, unknown>) =>
  given("aws:iam/role:Role", {
    assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] }),
  });

specify(rule, {
  passes: {
    "a service": role({ Principal: { Service: "ecs-tasks.amazonaws.com" } }),
    "an account": role({ Principal: { AWS: "arn:aws:iam::1:root" } }),
    "everybody of an organisation": role({
      Principal: "*",
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    }),
  },
  fails: {
    everybody: [role({ Principal: "*" }), "assumeRolePolicy.Statement[0].Principal"],
    "everybody the long way": [role({ Principal: { AWS: ["*"] } }), "assumeRolePolicy.Statement[0].Principal.AWS[0]"],
  },
  open: {
    "a policy that is not known": [given("aws:iam/role:Role", { assumeRolePolicy: unknown() }), "assumeRolePolicy"],
    "a principal that is not known": [
      given("aws:iam/role:Role", {
        assumeRolePolicy: partly('{"Statement":{"Effect":"Allow","Principal":{"AWS":{0}}}}', "urn#arn"),
      }),
      "assumeRolePolicy.Statement.Principal.AWS",
    ],
  },
});
