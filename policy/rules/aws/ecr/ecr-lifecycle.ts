import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecr-lifecycle",
  title: "Old images leave the registry",
  severity: "low",
  level: "advisory",
  scope: "stack",
  appliesTo: ["aws:ecr/repository:Repository"],
  references: ["FSBP ECR.3"],
  why: "Every image ever pushed is paid for, and can still be started with the holes that it had.",
  fix: "Add an `aws.ecr.LifecyclePolicy` for the repository.",
  judge(repository, { fail, stack }) {
    const policies = stack.attached(repository, "repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy");
    if (policies.length === 0) fail(repository.root, "The repository has no lifecycle policy.");
  },
});
