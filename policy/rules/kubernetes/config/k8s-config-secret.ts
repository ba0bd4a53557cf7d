import { defineRule } from "../../../rule";
import { secretFault, secretInText } from "../../secret-like";
import type { Value } from "../../../value";
import { kinds } from "../types";

/** In Base64, as `binaryData` has it. */
function isEncoded({ raw, path }: Value): boolean {
  if (!path.startsWith("binaryData") || typeof raw !== "string") return false;
  return secretInText(Buffer.from(raw, "base64").toString("utf8"));
}

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
        else if (isEncoded(value)) fail(value, "This entry holds a document with a secret in it.");
      });
    });
  },
});
