import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "redis-backup",
  title: "Caches that hold sessions keep snapshots",
  severity: "low",
  level: "advisory",
  appliesTo: aws.cacheGroup,
  references: ["FSBP ElastiCache.1", "CKV_AWS_134"],
  why: "When sessions or queues are in it, an empty cache logs everybody out.",
  fix: "Set `snapshotRetentionLimit` to 1 day or more.",
  judge(cache, { fail }) {
    const limit = cache.get("snapshotRetentionLimit");
    if (limit.absent || (limit.number() ?? 0) < 1) fail(limit, "No snapshot is kept.");
  },
});
