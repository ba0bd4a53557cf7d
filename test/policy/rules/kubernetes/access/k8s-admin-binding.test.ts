import rule from "../../../../../policy/rules/kubernetes/access/k8s-admin-binding";
import { given, specify, unknown } from "../../../spec";

const binding = (name: unknown, subject: unknown = "shop") =>
  given("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
    roleRef: { kind: "ClusterRole", name },
    subjects: [{ kind: "Group", name: subject }],
  });

specify(rule, {
  passes: { "a role of one's own": binding("reader") },
  fails: {
    "an administrator": [binding("cluster-admin"), "roleRef.name"],
    everybody: [binding("reader", "system:unauthenticated"), "subjects[0].name"],
  },
  open: { "a role that is not known": [binding(unknown()), "roleRef.name"] },
});
