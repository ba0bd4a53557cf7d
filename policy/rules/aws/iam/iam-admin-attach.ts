import { defineRule } from "../../../rule";

const powerful = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

export default defineRule({
  id: "iam-admin-attach",
  title: "No administrator policy is attached",
  severity: "critical",
  level: "mandatory",
  appliesTo: [
    "aws:iam/role:Role",
    "aws:iam/policyAttachment:PolicyAttachment",
    /^aws:iam\/(role|user|group)Polic(yAttachment|yAttachmentsExclusive|iesExclusive):/,
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
  ],
  references: ["FSBP IAM.1", "CIS AWS 1.16", "CKV_AWS_274"],
  why: "An attacker who takes over the one process that holds it owns the account.",
  fix: "Attach a policy that names what the holder needs.",
  judge(resource, { each, fail }) {
    const arns = ["policyArn", "policyArns", "managedPolicyArns", "managedPolicyArn"];
    each(arns, (property) => {
      const value = resource.get(property);
      // What this program makes is judged itself; AWS's own policies have ARNs that are known beforehand.
      if (value.sources.length > 0) return;
      each(value.items(), (arn) => {
        const name = arn.sources.length > 0 ? "" : (arn.string() ?? "").split("/").at(-1);
        if (powerful.includes(name ?? "")) fail(arn, "The policy makes its holder an administrator.");
      });
    });
  },
});
