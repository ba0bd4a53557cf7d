import rule from "../../../../../policy/rules/aws/appsync/appsync-authorized";
import { given, specify, unknown } from "../../../spec";

const type = "aws:appsync/graphQLApi:GraphQLApi";

specify(rule, {
  passes: { "a user pool": given(type, { authenticationType: "AMAZON_COGNITO_USER_POOLS" }) },
  fails: { "a key": [given(type, { authenticationType: "API_KEY" }), "authenticationType"] },
  open: { "what is not known": [given(type, { authenticationType: unknown("urn#x") }), "authenticationType"] },
});
