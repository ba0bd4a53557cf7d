import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isCluster, isReplica } from "./databases";

export default defineRule({
  id: "rds-multi-az",
  title: "Databases survive the loss of a zone",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster],
  references: ["FSBP RDS.5", "FSBP RDS.15", "CKV_AWS_157"],
  why: "With one instance a broken disk or zone stops the site until a restore is done.",
  fix: "Set `multiAz` to true, or give the cluster a second instance.",
  judge(database, { fail, cannotJudge, stack }) {
    if (isReplica(database)) return;
    if (!isCluster(database)) {
      const multiAz = database.get("multiAz");
      if (multiAz.isNot(true)) fail(multiAz, "The database is in one zone.");
      return;
    }
    if (database.get("dbClusterInstanceClass").present) return;
    const { certain, possible } = stack.referring(database, "clusterIdentifier", ...aws.dbClusterInstance);
    if (certain.length >= 2) return;
    if (possible.length > 0) cannotJudge(database.root, "the cluster of an instance is not known until deployment");
    else fail(database.root, "The cluster has fewer than two instances.");
  },
});
