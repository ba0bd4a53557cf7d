import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isReplica } from "./databases";

export default defineRule({
  id: "rds-managed-password",
  title: "AWS keeps the master password, not the program",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  references: ["AWS Well-Architected SEC02-BP03"],
  why: "A password that the program sets is in its state file for ever, and is never rotated.",
  fix: "Set `manageMasterUserPassword: true` and remove `password`.",
  judge(database, { each, fail }) {
    if (isReplica(database)) return;
    each([database.get("password"), database.get("masterPassword")], (password) => {
      if (password.present) fail(password, "The program sets the master password, so its state holds it.");
    });
  },
});
