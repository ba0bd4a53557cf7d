import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isReplica } from "./databases";

export default defineRule({
  id: "rds-final-snapshot",
  title: "A database leaves a snapshot when it goes",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  references: ["AWS Well-Architected REL09-BP03"],
  why: "Automatic backups are deleted with the database. The final snapshot is what is left of it.",
  fix: "Set `skipFinalSnapshot` to false and `finalSnapshotIdentifier` to a name.",
  judge(database, { fail }) {
    const skip = database.get("skipFinalSnapshot");
    if (!isReplica(database) && skip.is(true)) fail(skip, "Deleting the database leaves nothing.");
  },
});
