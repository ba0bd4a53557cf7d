import rule from "../../../../../policy/rules/aws/elasticache/redis-rest";
import { given, specify, unknown } from "../../../spec";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const node = "aws:elasticache/cluster:Cluster";
const encrypted = "atRestEncryptionEnabled";

specify(rule, {
  passes: {
    "an encrypted group": given(group, { [encrypted]: true }),
    "Valkey, which is encrypted when nothing is said": given(group, { engine: "valkey" }),
    "a node of a group": given(node, { replicationGroupId: unknown("urn#id") }),
    memcached: given(node, { engine: "memcached" }),
  },
  fails: {
    "Redis that says nothing": [given(group, { engine: "redis" }), encrypted],
    "Valkey that says no": [given(group, { engine: "valkey", [encrypted]: false }), encrypted],
    "a lone node": [given(node, { engine: "redis" }), "engine"],
  },
  open: { "a setting that is not known": [given(group, { [encrypted]: unknown() }), encrypted] },
});
