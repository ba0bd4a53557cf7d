import rule from "../../../../../policy/rules/aws/eks/eks-private";
import { given, specify } from "../../../spec";

const cluster = "aws:eks/cluster:Cluster";

specify(rule, {
  passes: {
    "a private one": given(cluster, { vpcConfig: { endpointPublicAccess: false } }),
    "named addresses": given(cluster, { vpcConfig: { publicAccessCidrs: ["203.0.113.0/24"] } }),
  },
  fails: {
    "the default": [given(cluster, { vpcConfig: {} }), "vpcConfig.endpointPublicAccess"],
    "everybody among others": [
      given(cluster, { vpcConfig: { publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"] } }),
      "vpcConfig.publicAccessCidrs[1]",
    ],
  },
});
