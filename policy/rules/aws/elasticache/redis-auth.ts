import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "redis-auth",
  title: "Caches ask who connects",
  severity: "medium",
  level: "mandatory",
  appliesTo: [...aws.cacheGroup, "aws:elasticache/serverlessCache:ServerlessCache"],
  references: ["FSBP ElastiCache.6", "CKV_AWS_31"],
  why: "Whatever else runs in the network could read sessions and plant pages.",
  fix: "Set `authToken`, or `userGroupIds` with users that have passwords.",
  judge(cache, { fail }) {
    const guards = [cache.get("authToken"), cache.get("authTokenWo"), cache.get("userGroupId")];
    const groups = cache.get("userGroupIds");
    if (guards.some(({ present }) => present) || groups.isUnknown || groups.items().length > 0) return;
    fail(cache.get("authToken"), "Anybody in the network may use the cache.");
  },
});
