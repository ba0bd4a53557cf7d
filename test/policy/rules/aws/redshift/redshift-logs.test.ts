import rule from "../../../../../policy/rules/aws/redshift/redshift-logs";
import { given, specify } from "../../../spec";

const cluster = "aws:redshift/cluster:Cluster";

specify(rule, {
  passes: {
    "one that logs": [
      given(cluster, { clusterIdentifier: "dwh" }),
      given("aws:redshift/logging:Logging", { clusterIdentifier: "dwh" }, { name: "log" }),
    ],
  },
  fails: { "one that does not": [given(cluster, { clusterIdentifier: "dwh" }), ""] },
});
