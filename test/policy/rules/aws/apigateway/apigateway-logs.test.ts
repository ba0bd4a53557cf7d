import rule from "../../../../../policy/rules/aws/apigateway/apigateway-logs";
import { given, specify } from "../../../spec";

const type = "aws:apigateway/stage:Stage";

specify(rule, {
  passes: {
    "one that logs": given(type, {
      accessLogSettings: {
        destinationArn: "arn:aws:logs:eu-central-1:123456789012:log-group:api",
        format: "$context.requestId",
      },
    }),
  },
  fails: {
    "one that does not": [given(type, {}), "accessLogSettings"],
  },
});
