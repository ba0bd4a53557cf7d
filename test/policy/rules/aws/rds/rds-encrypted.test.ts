import rule from "../../../../../policy/rules/aws/rds/rds-encrypted";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "an encrypted instance": given(instance, { storageEncrypted: true }),
    "a replica, which is as its source": given(instance, { replicateSourceDb: unknown("urn#identifier") }),
  },
  fails: {
    "an instance that says nothing": [given(instance, {}), "storageEncrypted"],
    "a cluster": [given("aws:rds/cluster:Cluster", { storageEncrypted: false }), "storageEncrypted"],
    "a global cluster": [given("aws:rds/globalCluster:GlobalCluster", {}), "storageEncrypted"],
    DocumentDB: [given("aws:docdb/cluster:Cluster", {}), "storageEncrypted"],
  },
  open: { "a setting that is not known": [given(instance, { storageEncrypted: unknown() }), "storageEncrypted"] },
});
