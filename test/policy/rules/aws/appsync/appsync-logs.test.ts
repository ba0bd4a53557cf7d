import rule from "../../../../../policy/rules/aws/appsync/appsync-logs";
import { given, specify } from "../../../spec";

const type = "aws:appsync/graphQLApi:GraphQLApi";

specify(rule, {
  passes: {
    "one that logs": given(type, {
      logConfig: { fieldLogLevel: "ERROR", cloudwatchLogsRoleArn: "arn:aws:iam::1:role/l" },
    }),
  },
  fails: { "one that does not": [given(type, {}), "logConfig"] },
});
