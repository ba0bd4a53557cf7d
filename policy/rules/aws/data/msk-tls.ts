import { defineRule } from "../../../rule";

export default defineRule({
  id: "msk-tls",
  title: "Kafka clients speak TLS",
  severity: "high",
  level: "mandatory",

  appliesTo: ["aws:msk/cluster:Cluster"],
  references: ["CKV_AWS_81"],
  why: "Messages cross the network as they are otherwise.",
  fix: "Leave `encryptionInfo.encryptionInTransit.clientBroker` at `TLS`.",
  judge(resource, { fail }) {
    const value = resource.get("encryptionInfo", "encryptionInTransit", "clientBroker");
    if (value.is("PLAINTEXT", "TLS_PLAINTEXT")) fail(value, "Plain text is taken.");
  },
});
