import rule from "../../../../../policy/rules/aws/eks/eks-logs";
import { given, specify } from "../../../spec";

const cluster = "aws:eks/cluster:Cluster";

specify(rule, {
  passes: { both: given(cluster, { enabledClusterLogTypes: ["audit", "api", "scheduler"] }) },
  fails: {
    none: [given(cluster, {}), "enabledClusterLogTypes"],
    one: [given(cluster, { enabledClusterLogTypes: ["api"] }), "enabledClusterLogTypes"],
  },
});
