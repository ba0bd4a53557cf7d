import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "redis-transit",
  title: "Caches speak TLS only",
  severity: "medium",
  level: "mandatory",
  appliesTo: [...aws.cacheGroup, ...aws.cacheCluster],
  references: ["FSBP ElastiCache.5", "CKV_AWS_30"],
  why: "Without TLS the password of the cache crosses the network with every connection.",
  fix: "Set `transitEncryptionEnabled: true` and connect with rediss://.",
  judge(cache, { fail, separately }) {
    if (cache.get("replicationGroupId").present && cache.type.endsWith(":Cluster")) return;
    const [encrypted, mode] = [cache.get("transitEncryptionEnabled"), cache.get("transitEncryptionMode")];
    separately(
      () => {
        if (encrypted.isNot(true)) fail(encrypted, "Connections are not encrypted.");
      },
      () => {
        if (mode.is("preferred")) fail(mode, "Connections without TLS are accepted too.");
      },
    );
  },
});
