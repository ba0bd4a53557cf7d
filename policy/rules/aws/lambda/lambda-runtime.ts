import { defineRule } from "../../../rule";

/** Blocked or about to be, on 2026-11-27: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const atTheirEnd =
  /^(nodejs(4\.3|6\.10|8\.10|1\dx|1\d\.x|20\.x)?|nodejs4\.3-edge|python(2\.7|3\.[6-9])|ruby(2\.\d|3\.[012])|java8(\.al2)?|go1\.x|dotnetcore[123]\.[01]|dotnet[567]|provided)$/;

export default defineRule({
  id: "lambda-runtime",
  title: "Functions run on runtimes that get fixes",
  severity: "high",
  level: "mandatory",
  appliesTo: ["aws:lambda/function:Function", "aws:lambda/callbackFunction:CallbackFunction"],
  references: ["FSBP Lambda.2", "CKV_AWS_363"],
  why: "At its end a runtime gets no fixes, and soon AWS refuses to update the function.",
  fix: "Use a runtime that AWS supports, such as `nodejs24.x` or `python3.13`.",
  parameters: {
    allowed: { type: "strings", default: [], description: "Runtimes that are allowed although they are at their end." },
  },
  judge(resource, { fail, parameters }) {
    const runtime = resource.get("runtime");
    const name = runtime.string();
    if (name !== undefined && atTheirEnd.test(name) && !parameters.allowed.includes(name))
      fail(runtime, "The runtime is at its end.");
  },
});
