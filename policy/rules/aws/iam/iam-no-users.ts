import { defineRule } from "../../../rule";

export default defineRule({
  id: "iam-no-users",
  title: "There are no users with keys of their own",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:iam/user:User", "aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile"],
  references: ["CIS AWS 1.15", "CKV_AWS_273"],
  why: "Keys of users do not expire, and the state file holds them. Roles hand out keys for an hour.",
  fix: "Use a role: through OIDC for pipelines, through IAM Identity Center for people.",
  judge(resource, { fail }) {
    fail(resource.root, "The program makes a user or a key that does not expire.");
  },
});
