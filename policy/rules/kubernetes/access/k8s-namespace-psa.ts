import { defineRule } from "../../../rule";
import { kinds } from "../types";

export default defineRule({
  id: "k8s-namespace-psa",
  title: "Namespaces refuse pods that are not restricted",
  severity: "medium",
  level: "mandatory",
  appliesTo: [kinds("core", "Namespace")],
  references: ["CIS Kubernetes 5.2.1"],
  why: "These rules judge this program; the label makes the cluster judge every other one too.",
  fix: "Label the namespace `pod-security.kubernetes.io/enforce: restricted`.",
  parameters: {
    admitted: {
      type: "strings",
      default: ["restricted", "baseline"],
      description: "Levels that a namespace may enforce.",
    },
  },
  judge(namespace, { fail, parameters }) {
    const enforce = namespace.get("metadata", "labels").get("pod-security.kubernetes.io/enforce");
    if (enforce.isNot(...parameters.admitted)) fail(enforce, "The namespace admits pods of any kind.");
  },
});
