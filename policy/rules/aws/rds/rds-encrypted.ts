import { defineRule } from "../../../rule";
import { aws } from "../types";
import { isReplica } from "./databases";

export default defineRule({
  id: "rds-encrypted",
  title: "Databases are encrypted at rest",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.dbInstance, ...aws.dbCluster, "aws:rds/globalCluster:GlobalCluster"],
  references: ["FSBP RDS.3", "FSBP RDS.27", "CIS AWS 2.2.1", "CKV_AWS_16", "CKV_AWS_96"],
  why: "Snapshots and disks leave the account more easily than a running database. Encryption cannot be added later: it replaces the database.",
  fix: "Set `storageEncrypted` to true before the first deployment.",
  judge(database, { fail }) {
    if (isReplica(database)) return;
    const encrypted = database.get("storageEncrypted");
    if (encrypted.isNot(true)) fail(encrypted, "The storage is not encrypted.");
  },
});
