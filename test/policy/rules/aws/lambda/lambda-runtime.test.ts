import rule from "../../../../../policy/rules/aws/lambda/lambda-runtime";
import { given, specify, unknown } from "../../../spec";

const type = "aws:lambda/function:Function";
const runtime = (name: string) => given(type, { runtime: name });

specify(rule, {
  passes: Object.fromEntries(
    ["nodejs22.x", "nodejs24.x", "python3.12", "ruby3.4", "java21", "dotnet8", "provided.al2023"].map((name) => [
      name,
      runtime(name),
    ]),
  ),
  fails: Object.fromEntries(
    ["nodejs", "nodejs4.3-edge", "nodejs12.x", "nodejs18.x", "nodejs20.x", "python2.7", "python3.9", "ruby2.7", "go1.x"]
      .concat(["java8", "dotnetcore3.1", "dotnet6", "provided"])
      .map((name): [string, [ReturnType<typeof runtime>, string]] => [name, [runtime(name), "runtime"]]),
  ),
  open: { "what is not known": [given(type, { runtime: unknown("urn#x") }), "runtime"] },
});
