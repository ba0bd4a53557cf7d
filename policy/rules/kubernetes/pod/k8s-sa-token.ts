import { defineRule } from "../../../rule";
import { near, sameNamespace } from "../selection";
import { borrowsItsPods, kinds, podSpec, workloads } from "../types";

const serviceAccount = kinds("core", "ServiceAccount");

export default defineRule({
  id: "k8s-sa-token",
  title: "Pods that do not talk to the cluster have no key to it",
  severity: "medium",
  level: "mandatory",
  scope: "stack",
  appliesTo: workloads,
  references: ["CIS Kubernetes 5.1.6", "CKV_K8S_38"],
  why: "The token in every pod is a way from the web server to the cluster's API.",
  fix: "Set `automountServiceAccountToken: false` on the pod or its service account.",
  judge(workload, { fail, stack }) {
    if (borrowsItsPods(workload)) return;
    const mount = podSpec(workload).get("automountServiceAccountToken");
    if (mount.present) {
      if (mount.isNot(false)) fail(mount, "The pod gets a token for the cluster's API.");
      return;
    }
    const name = podSpec(workload).get("serviceAccountName");
    const account = near(workload, stack, serviceAccount).find((one) => {
      const own = one.get("metadata", "name");
      return (name.present ? own.sameAs(name) : own.is("default")) && sameNamespace(one, workload);
    });
    if (!account?.get("automountServiceAccountToken").is(false) && mount.absent) {
      fail(mount, "The pod gets a token for the cluster's API.");
    }
  },
  // A pod that needs the API names an account with rights to it: such a pod is for its owner to judge.
  remediate(workload) {
    const spec = podSpec(workload);
    const name = spec.get("serviceAccountName");
    const mount = spec.get("automountServiceAccountToken");
    const ordinary = name.absent || name.is("default");
    return ordinary && mount.absent && !borrowsItsPods(workload) ? [{ property: mount.path, value: false }] : [];
  },
});
