import rule from "../../../../../policy/rules/kubernetes/access/k8s-rbac-wildcard";
import { given, specify, unknown } from "../../../spec";

const role = (rules: unknown) => given("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", { rules });

specify(rule, {
  passes: { "what it reads": role([{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }]) },
  fails: {
    "every verb": [role([{ resources: ["pods"], verbs: ["*"] }]), "rules[0].verbs[0]"],
    "everything beside an unknown": [
      role([
        { resources: unknown(), verbs: [] },
        { resources: ["*"], verbs: ["get"] },
      ]),
      "rules[1].resources[0]",
    ],
    "becoming somebody else": [role([{ resources: ["users"], verbs: ["impersonate"] }]), "rules[0].verbs[0]"],
  },
  open: { "rules that are not known": [role(unknown()), "rules"] },
});
