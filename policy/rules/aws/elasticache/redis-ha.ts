import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "redis-ha",
  title: "Caches survive the loss of a node",
  severity: "medium",
  level: "advisory",
  appliesTo: aws.cacheGroup,
  references: ["FSBP ElastiCache.3"],
  why: "A cache that is gone turns into load on the database at the worst moment.",
  fix: "Set `automaticFailoverEnabled` and `multiAzEnabled` to true, with two nodes or more.",
  judge(cache, { each, fail }) {
    each([cache.get("automaticFailoverEnabled"), cache.get("multiAzEnabled")], (failover) => {
      if (failover.isNot(true)) fail(failover, "No other node takes over.");
    });
  },
});
