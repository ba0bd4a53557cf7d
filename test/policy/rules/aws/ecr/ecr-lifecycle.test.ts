import rule from "../../../../../policy/rules/aws/ecr/ecr-lifecycle";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:ecr/repository:Repository";
const repository = given(type, { name: "shop" });
const policy = (repositoryName: unknown, references = {}) =>
  given("aws:ecr/lifecyclePolicy:LifecyclePolicy", { repository: repositoryName }, { name: "expiry", references });

specify(rule, {
  passes: {
    "a policy by the repository's name": [repository, policy("shop")],
    "a policy by an output": [repository, policy(unknown(`${urnOf(type)}#name`))],
    "a policy by what it depends on": [repository, policy(unknown(), { repository: [urnOf(type)] })],
  },
  fails: { "no policy": [repository, ""], "a policy of another repository": [[repository, policy("blog")], ""] },
  open: { "a policy of who knows what": [[repository, policy(unknown())], "repository of expiry"] },
});
