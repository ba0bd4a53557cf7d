import { defineRule } from "../../../rule";

export default defineRule({
  id: "apigateway-authorized",
  title: "APIs ask who calls them",
  severity: "medium",
  level: "advisory",

  appliesTo: ["aws:apigateway/method:Method", "aws:apigatewayv2/route:Route"],
  references: ["FSBP APIGateway.8", "CKV_AWS_59", "CKV_AWS_309"],
  why: "What is behind the route does its work for anybody.",
  fix: "Name an authorizer, or exempt what is for the public.",
  judge(route, { fail }) {
    // What a browser asks before it may ask: it cannot carry credentials.
    if (route.get("httpMethod").is("OPTIONS") || route.get("apiKeyRequired").is(true)) return;
    const kind = route.root.either("authorizationType", "authorization");
    if (kind.isNot("AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT")) fail(kind, "Anybody may call it.");
  },
});
