import { defineRule } from "../../../rule";

export default defineRule({
  id: "opensearch-encrypted",
  title: "Search domains are encrypted, at rest and between nodes",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
  references: ["FSBP Opensearch.1", "FSBP Opensearch.3", "CKV_AWS_5", "CKV_AWS_6"],
  why: "Indexes hold what users typed, in plain text.",
  fix: "Set `encryptAtRest.enabled` and `nodeToNodeEncryption.enabled` to true.",
  judge(resource, { fail, separately }) {
    separately(
      () => {
        const encryptAtRest = resource.get("encryptAtRest", "enabled");
        if (encryptAtRest.isNot(true)) fail(encryptAtRest, "The indexes are not encrypted.");
      },
      () => {
        const nodeToNodeEncryption = resource.get("nodeToNodeEncryption", "enabled");
        if (nodeToNodeEncryption.isNot(true)) fail(nodeToNodeEncryption, "Nodes talk in plain text.");
      },
    );
  },
});
