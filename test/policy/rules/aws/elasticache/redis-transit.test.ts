import rule from "../../../../../policy/rules/aws/elasticache/redis-transit";
import { given, specify, unknown } from "../../../spec";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const enabled = "transitEncryptionEnabled";

specify(rule, {
  passes: { "TLS only": given(group, { [enabled]: true, transitEncryptionMode: "required" }) },
  fails: {
    "a group that says nothing": [given(group, {}), enabled],
    "TLS for those who like": [
      given(group, { [enabled]: true, transitEncryptionMode: "preferred" }),
      "transitEncryptionMode",
    ],
    "a lone node": [given("aws:elasticache/cluster:Cluster", { engine: "redis" }), enabled],
  },
  open: { "a setting that is not known": [given(group, { [enabled]: unknown() }), enabled] },
});
