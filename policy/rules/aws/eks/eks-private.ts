import { defineRule } from "../../../rule";

export default defineRule({
  id: "eks-private",
  title: "The API of a cluster is not for everybody",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:eks/cluster:Cluster"],
  references: ["FSBP EKS.1", "CKV_AWS_38", "CKV_AWS_39"],
  why: "Every address on earth may try stolen credentials, and the next flaw of the API server.",
  fix: "Set `vpcConfig.endpointPublicAccess` to false, or name addresses in `vpcConfig.publicAccessCidrs`.",
  judge(cluster, { fail }) {
    const access = cluster.get("vpcConfig", "endpointPublicAccess");
    if (access.is(false)) return;
    const ranges = cluster.get("vpcConfig", "publicAccessCidrs");
    if (ranges.items().length === 0) return fail(access, "The API answers every address.");
    const open = ranges.items().find((range) => range.is("0.0.0.0/0", "::/0"));
    if (open) fail(open, "The API answers every address.");
  },
});
