import rule from "../../../../../policy/rules/aws/iam/iam-oidc-sub";
import { given, partly, specify } from "../../../spec";

const github = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::1:oidc-provider/${github}`;
const document = (Condition: unknown, Federated = provider) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated }, Condition }],
  });
const role = (assumeRolePolicy: unknown) => given("aws:iam/role:Role", { assumeRolePolicy });
const subject = (value: string) => ({ StringLike: { [`${github}:sub`]: value } });
const condition = "assumeRolePolicy.Statement[0].Condition";

specify(rule, {
  passes: {
    "one environment of one repository": role(document(subject("repo:acme/shop:environment:production"))),
    "a provider that is not known yet": role(partly(document(subject("repo:acme/shop:*"), "{0}"), "urn#arn")),
    "a role for a service": role(
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" } }] }),
    ),
    SAML: role(document(undefined, "arn:aws:iam::1:saml-provider/acme")),
  },
  fails: {
    "no condition": [role(document(undefined)), condition],
    "the audience alone": [role(document({ StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" } })), condition],
    "every repository": [role(document(subject("repo:*"))), `${condition}.StringLike.${github}:sub`],
    "owners that begin alike": [role(document(subject("repo:acme*/shop:*"))), `${condition}.StringLike.${github}:sub`],
  },
  open: {
    "a subject that is not known": [
      role(partly(document(subject("{0}")), "urn#sub")),
      `${condition}.StringLike.${github}:sub`,
    ],
  },
});
