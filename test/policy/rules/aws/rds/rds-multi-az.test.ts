import rule from "../../../../../policy/rules/aws/rds/rds-multi-az";
import { given, specify, unknown, urnOf } from "../../../spec";

const instance = "aws:rds/instance:Instance";
const clusterType = "aws:rds/cluster:Cluster";
const cluster = given(clusterType, {});
const member = (name: string, clusterIdentifier: unknown = unknown(`${urnOf(clusterType)}#id`)) =>
  given("aws:rds/clusterInstance:ClusterInstance", { clusterIdentifier }, { name });

specify(rule, {
  passes: {
    "an instance in two zones": given(instance, { multiAz: true }),
    "a replica": given(instance, { replicateSourceDb: "primary" }),
    "a cluster of two": [cluster, member("a"), member("b")],
    "a Multi-AZ cluster": given(clusterType, { dbClusterInstanceClass: "db.m6gd.large" }),
  },
  fails: {
    "an instance that says nothing": [given(instance, {}), "multiAz"],
    "a cluster of one": [[cluster, member("a")], ""],
  },
  open: {
    "a setting that is not known": [given(instance, { multiAz: unknown() }), "multiAz"],
    "an instance of who knows which cluster": [[cluster, member("a", unknown())], ""],
  },
});
