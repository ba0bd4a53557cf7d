import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isCluster, isReplica } from "./databases";

export default defineRule({
  id: "rds-backup",
  title: "Databases keep backups",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  references: ["FSBP RDS.11", "CKV_AWS_133"],
  why: "A mistake that is noticed after the weekend can only be undone from a backup of before it.",
  fix: "Set `backupRetentionPeriod` to 7 days or more.",
  parameters: {
    minimumDays: { type: "integer", default: 7, minimum: 1, description: "Days for which backups must be kept." },
  },
  judge(database, { fail, parameters }) {
    if (isReplica(database)) return;
    const retention = database.get("backupRetentionPeriod");
    // What AWS assumes when nothing is said: a day for a cluster, none for an instance.
    const days = retention.absent ? (isCluster(database) ? 1 : 0) : (retention.number() ?? 0);
    if (days < parameters.minimumDays)
      fail(retention, `Backups are kept for less than ${parameters.minimumDays} days.`);
  },
});
