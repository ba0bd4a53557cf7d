import { defineRule } from "../../../rule";
import { kinds } from "../types";

const snippet = /^nginx\.(ingress\.kubernetes\.io|org)\/([\w-]+-snippets?|lua-[\w-]+)$/;

export default defineRule({
  id: "k8s-ingress-snippets",
  title: "No Ingress writes into the controller's configuration",
  severity: "high",
  level: "advisory",
  appliesTo: [kinds("(networking\\.k8s\\.io|extensions)", "Ingress")],
  references: ["CKV_K8S_152", "CKV_K8S_153", "CKV_K8S_154"],
  why: "The controller reads every Secret of the cluster; what a snippet says, it does (CVE-2021-25742).",
  fix: "Use the annotation or the setting that is made for the purpose, and leave snippets off in the controller.",
  judge(ingress, { each, fail }) {
    each(ingress.get("metadata", "annotations").entries(), ([name, value]) => {
      if (snippet.test(name)) fail(value, "The annotation is copied into NGINX's configuration.");
    });
  },
});
