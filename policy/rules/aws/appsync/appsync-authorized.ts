import { defineRule } from "../../../rule";

export default defineRule({
  id: "appsync-authorized",
  title: "GraphQL APIs ask who calls",
  severity: "high",
  level: "advisory",
  appliesTo: ["aws:appsync/graphQLApi:GraphQLApi"],
  references: ["FSBP AppSync.5"],
  why: "A key is the same for every caller, lies in every browser that uses it, and lives for up to a year.",
  fix: "Set `authenticationType` to `AWS_IAM`, `AMAZON_COGNITO_USER_POOLS`, `OPENID_CONNECT` or `AWS_LAMBDA`.",
  judge(api, { fail }) {
    const type = api.get("authenticationType");
    if (type.is("API_KEY")) fail(type, "Everybody who has the key may call.");
  },
});
