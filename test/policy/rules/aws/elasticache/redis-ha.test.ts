import rule from "../../../../../policy/rules/aws/elasticache/redis-ha";
import { given, specify, unknown } from "../../../spec";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";

specify(rule, {
  passes: { "a second node in another zone": given(group, { automaticFailoverEnabled: true, multiAzEnabled: true }) },
  fails: {
    "one node": [given(group, {}), "automaticFailoverEnabled"],
    "nodes in one zone": [
      given(group, { automaticFailoverEnabled: unknown(), multiAzEnabled: false }),
      "multiAzEnabled",
    ],
  },
  open: {
    "a setting that is not known": [
      given(group, { automaticFailoverEnabled: unknown(), multiAzEnabled: true }),
      "automaticFailoverEnabled",
    ],
  },
});
