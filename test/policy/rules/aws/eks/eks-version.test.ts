import rule from "../../../../../policy/rules/aws/eks/eks-version";
import { given, specify } from "../../../spec";

const cluster = "aws:eks/cluster:Cluster";

specify(rule, {
  passes: { "a recent one": given(cluster, { version: "1.33" }), "AWS's newest": given(cluster, {}) },
  fails: { "an old one": [given(cluster, { version: "1.29" }), "version"] },
});
