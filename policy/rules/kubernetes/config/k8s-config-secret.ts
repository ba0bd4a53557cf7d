import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";
import { kinds } from "../types";

export default defineRule({
  id: "k8s-config-secret",
  title: "No secret is in a ConfigMap",
  severity: "high",
  level: "mandatory",
  appliesTo: [kinds("core", "ConfigMap")],
  references: ["CIS Kubernetes 5.4.1"],
  why: "ConfigMaps are readable by far more than Secrets are, and are not encrypted at rest.",
  fix: "Move the entry to a Secret.",
  judge(config, { each, fail }) {
    each([config.get("data"), config.get("binaryData")], (data) => {
      if (data.isSecret) return fail(data, "The ConfigMap holds a value that is marked secret.");
      each(data.entries(), ([key, value]) => {
        const fault = secretFault(key, value, "entry");
        if (fault) fail(value, fault);
      });
    });
  },
});
