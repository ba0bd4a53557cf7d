import rule from "../../../../../policy/rules/aws/rds/rds-protect";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "a protected instance": given(instance, { deletionProtection: true }),
    "a replica": given(instance, { replicateSourceDb: "primary" }),
  },
  fails: {
    "an instance that says nothing": [given(instance, {}), "deletionProtection"],
    "a cluster": [given("aws:rds/cluster:Cluster", {}), "deletionProtection"],
  },
  open: { "a setting that is not known": [given(instance, { deletionProtection: unknown() }), "deletionProtection"] },
});
