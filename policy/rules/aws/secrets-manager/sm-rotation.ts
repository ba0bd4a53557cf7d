import { defineRule } from "../../../rule";

export default defineRule({
  id: "sm-rotation",
  title: "Secrets are rotated",
  severity: "medium",
  level: "advisory",
  scope: "stack",
  appliesTo: ["aws:secretsmanager/secret:Secret"],
  references: ["FSBP SecretsManager.1", "CKV2_AWS_57"],
  why: "A secret that leaked a year ago is still valid.",
  fix: "Add an `aws.secretsmanager.SecretRotation`, or rotate by a runbook and exempt the secret with a date.",
  judge(secret, { fail, stack }) {
    const rotations = stack.attached(secret, "secretId", "aws:secretsmanager/secretRotation:SecretRotation");
    if (rotations.length === 0) fail(secret.root, "Nothing rotates the secret.");
  },
});
