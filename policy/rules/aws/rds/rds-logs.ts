import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "rds-logs",
  title: "Databases export their logs",
  severity: "medium",
  level: "advisory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  references: ["FSBP RDS.9", "FSBP RDS.34", "CKV_AWS_129"],
  why: "Errors, slow statements and refused log-ins are on a disk that nobody can open.",
  fix: "Set `enabledCloudwatchLogsExports`, for PostgreSQL to `postgresql` and `upgrade`.",
  judge(database, { fail }) {
    const exports = database.get("enabledCloudwatchLogsExports");
    if (exports.items().length === 0) fail(exports, "No log is exported.");
  },
});
