import { defineRule } from "../../../rule";
import { aws } from "../types";
import { hasReplicas, isReplica } from "./databases";

export default defineRule({
  id: "rds-managed-password",
  title: "AWS keeps the master password, not the program",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  scope: "stack",
  references: [
    "AWS Well-Architected SEC02-BP03",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations",
  ],
  why: "A password that the program sets stays in its state file, and is never rotated.",
  fix: "Set `manageMasterUserPassword: true` and remove `password`. A source of read replicas, of which RDS does not allow it: a secret value.",
  judge(database, { stack, each, fail }) {
    if (isReplica(database)) return;
    each([database.get("password"), database.get("masterPassword")], (password) => {
      // RDS manages no password of an instance that has read replicas: what is left is one that the state encrypts.
      if (password.isSecret && hasReplicas(stack, database)) return;
      if (password.present) fail(password, "The program sets the master password, so its state holds it.");
    });
  },
});
