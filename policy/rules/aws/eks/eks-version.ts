import { defineRule } from "../../../rule";

export default defineRule({
  id: "eks-version",
  title: "Clusters run a version that gets fixes",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:eks/cluster:Cluster"],
  references: [
    "FSBP EKS.2",
    "CKV_AWS_339",
    "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
  ],
  why: "At the end of its support AWS upgrades the cluster by itself, whatever runs in it.",
  fix: "Raise `version`, one minor version after the other.",
  parameters: {
    oldest: {
      type: "integer",
      default: 31,
      minimum: 1,
      description: "Oldest minor version of Kubernetes 1 that is allowed.",
    },
  },
  judge(cluster, { fail, parameters }) {
    const version = cluster.get("version");
    const minor = /^1\.(\d+)$/.exec(version.string() ?? "")?.[1];
    if (minor !== undefined && Number(minor) < parameters.oldest) fail(version, "The version is at its end.");
  },
});
