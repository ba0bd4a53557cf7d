import { defineRule } from "../../../rule";
import { kinds } from "../types";

export default defineRule({
  id: "k8s-rbac-wildcard",
  title: "Roles name what they allow",
  severity: "high",
  level: "mandatory",
  appliesTo: [kinds("rbac\\.authorization\\.k8s\\.io", "Role", "ClusterRole")],
  references: ["CIS Kubernetes 5.1.3", "CKV_K8S_49", "CKV2_K8S_3"],
  why: "`*` allows what exists today and whatever is installed tomorrow.",
  fix: "List verbs, resources and API groups. Do not allow `escalate`, `bind` or `impersonate`.",
  judge(role, { each, fail }) {
    each(role.get("rules").items(), (rule) => {
      each([...rule.get("verbs").items(), ...rule.get("resources").items()], (item) => {
        if (item.is("*")) fail(item, "The role allows everything of its kind.");
        else if (item.is("escalate", "bind", "impersonate"))
          fail(item, "The role lets its holder become somebody else.");
      });
    });
  },
});
