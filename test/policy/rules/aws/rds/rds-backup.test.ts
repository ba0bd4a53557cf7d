import rule from "../../../../../policy/rules/aws/rds/rds-backup";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "two weeks": given(instance, { backupRetentionPeriod: 14 }),
    "a replica": given(instance, { replicateSourceDb: "primary" }),
  },
  fails: {
    "an instance that says nothing, which keeps none": [given(instance, {}), "backupRetentionPeriod"],
    "a cluster that says nothing, which keeps a day": [given("aws:rds/cluster:Cluster", {}), "backupRetentionPeriod"],
    "three days": [given(instance, { backupRetentionPeriod: 3 }), "backupRetentionPeriod"],
  },
  open: {
    "a period that is not known": [given(instance, { backupRetentionPeriod: unknown() }), "backupRetentionPeriod"],
  },
});
