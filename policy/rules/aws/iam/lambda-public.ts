import { defineRule } from "../../../rule";

export default defineRule({
  id: "lambda-public",
  title: "Functions ask who calls them",
  severity: "high",
  level: "mandatory",
  appliesTo: ["aws:lambda/functionUrl:FunctionUrl", "aws:lambda/permission:Permission"],
  references: ["FSBP Lambda.1", "CKV_AWS_258", "CKV_AWS_301"],
  why: "A function that anybody may call does its work, and costs its price, for anybody.",
  fix: "Set `authorizationType` to `AWS_IAM`; name the caller in permissions.",
  judge(resource, { fail }) {
    const authorization = resource.get("authorizationType");
    if (resource.type.endsWith("FunctionUrl") && authorization.isNot("AWS_IAM"))
      fail(authorization, "Anybody may call it.");
    const principal = resource.get("principal");
    const limits = [resource.get("sourceArn"), resource.get("sourceAccount"), resource.get("principalOrgId")];
    if (principal.is("*") && !limits.some(({ present }) => present)) fail(principal, "Anybody may call it.");
  },
});
