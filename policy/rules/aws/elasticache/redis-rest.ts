import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "redis-rest",
  title: "Caches are encrypted at rest",
  severity: "medium",
  level: "mandatory",
  appliesTo: [...aws.cacheGroup, ...aws.cacheCluster],
  references: ["FSBP ElastiCache.4", "CKV_AWS_29"],
  why: "Sessions and rendered pages are in its snapshots. Encryption cannot be added later: it replaces the cache.",
  fix: "Use a replication group with `atRestEncryptionEnabled: true`.",
  judge(cache, { fail }) {
    const engine = cache.get("engine");
    if (cache.type.endsWith(":Cluster")) {
      // A lone Redis node cannot be encrypted; one of a group takes it from the group.
      if (engine.is("redis", "valkey") && !cache.get("replicationGroupId").present) {
        fail(engine, "A cache outside of a replication group cannot be encrypted.");
      }
      return;
    }
    const encrypted = cache.get("atRestEncryptionEnabled");
    if (encrypted.absent ? !engine.is("valkey") : !encrypted.is(true)) fail(encrypted, "The cache is not encrypted.");
  },
});
