import rule from "../../../../../policy/rules/aws/elasticache/redis-backup";
import { given, specify, unknown } from "../../../spec";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";

specify(rule, {
  passes: { "a week of snapshots": given(group, { snapshotRetentionLimit: 7 }) },
  fails: {
    none: [given(group, {}), "snapshotRetentionLimit"],
    zero: [given(group, { snapshotRetentionLimit: 0 }), "snapshotRetentionLimit"],
  },
  open: {
    "a limit that is not known": [given(group, { snapshotRetentionLimit: unknown() }), "snapshotRetentionLimit"],
  },
});
