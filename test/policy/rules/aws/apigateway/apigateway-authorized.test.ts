import rule from "../../../../../policy/rules/aws/apigateway/apigateway-authorized";
import { given, specify } from "../../../spec";

const method = "aws:apigateway/method:Method";
const route = "aws:apigatewayv2/route:Route";

specify(rule, {
  passes: {
    "an authorizer": given(method, { httpMethod: "GET", authorization: "CUSTOM" }),
    "a preflight": given(method, { httpMethod: "OPTIONS", authorization: "NONE" }),
    "an API key": given(method, { httpMethod: "GET", authorization: "NONE", apiKeyRequired: true }),
    "a token": given(route, { routeKey: "GET /", authorizationType: "JWT" }),
  },
  fails: {
    "a method for anybody": [given(method, { httpMethod: "POST", authorization: "NONE" }), "authorization"],
    "a route that says nothing": [given(route, { routeKey: "$default" }), "authorizationType"],
  },
});
