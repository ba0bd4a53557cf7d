import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isReplica } from "./databases";

export default defineRule({
  id: "rds-protect",
  title: "Databases cannot be deleted by accident",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster, "aws:rds/globalCluster:GlobalCluster"],
  references: ["FSBP RDS.8", "FSBP RDS.7", "CKV_AWS_293"],
  why: "A renamed resource or a wrong stack name is enough to plan a deletion.",
  fix: "Set `deletionProtection` to true.",
  judge(database, { fail }) {
    if (isReplica(database)) return;
    const protection = database.get("deletionProtection");
    if (protection.isNot(true)) fail(protection, "Deletion protection is off.");
  },
});
