import { defineRule } from "../../../rule";
import { kinds } from "../types";

export default defineRule({
  id: "k8s-admin-binding",
  title: "Nothing is bound to cluster-admin",
  severity: "critical",
  level: "mandatory",
  appliesTo: [kinds("rbac\\.authorization\\.k8s\\.io", "ClusterRoleBinding", "RoleBinding")],
  references: ["CIS Kubernetes 5.1.1", "CIS Kubernetes 5.1.7"],
  why: "An attacker who takes over the bound service account owns the cluster.",
  fix: "Bind a role that names what the holder needs; never bind to everybody.",
  judge(binding, { each, fail }) {
    const role = binding.get("roleRef", "name");
    if (role.is("cluster-admin")) fail(role, "The binding makes its subjects administrators of the cluster.");
    each(binding.get("subjects").items(), (subject) => {
      const name = subject.get("name");
      if (name.is("system:anonymous", "system:unauthenticated", "system:authenticated")) {
        fail(name, "The binding is for everybody.");
      }
    });
  },
});
