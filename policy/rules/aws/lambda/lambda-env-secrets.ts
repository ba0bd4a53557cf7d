import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";

export default defineRule({
  id: "lambda-env-secrets",
  title: "No secret is in the environment of a function",
  severity: "critical",
  level: "mandatory",
  appliesTo: ["aws:lambda/function:Function", "aws:lambda/callbackFunction:CallbackFunction"],
  references: ["CKV_AWS_45"],
  why: "Everybody who may call lambda:GetFunctionConfiguration reads it, in every version that ever was.",
  fix: "Name the secret's ARN in the variable, and let the function read it from Secrets Manager.",
  judge(resource, { each, fail }) {
    const variables = resource.get("environment", "variables");
    if (variables.isSecret) return fail(variables, "The environment holds a value that is marked secret.");
    each(variables.entries(), ([name, value]) => {
      const fault = secretFault(name, value, "variable");
      if (fault) fail(value, fault);
    });
  },
});
