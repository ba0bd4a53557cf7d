import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "rds-minor-upgrades",
  title: "Databases take security updates by themselves",
  severity: "medium",
  level: "advisory",
  appliesTo: [...aws.dbInstance, "aws:rds/clusterInstance:ClusterInstance"],
  references: ["FSBP RDS.13", "CIS AWS 2.2.2", "CKV_AWS_226"],
  why: "Minor versions are how an engine's holes are closed.",
  fix: "Leave `autoMinorVersionUpgrade` on.",
  judge(database, { fail }) {
    const upgrade = database.get("autoMinorVersionUpgrade");
    if (upgrade.is(false)) fail(upgrade, "Minor versions are not installed.");
  },
});
