import { defineRule } from "../../../rule";

export default defineRule({
  id: "sns-encrypted",
  title: "Topics are encrypted at rest",
  severity: "low",
  level: "advisory",
  appliesTo: ["aws:sns/topic:Topic"],
  references: ["FSBP SNS.1", "CKV_AWS_26"],
  why: "Alarms quote host names, queries and sometimes what a user sent.",
  fix: "Set `kmsMasterKeyId`; CloudWatch alarms need a key of your own that lets them use it.",
  judge(topic, { fail }) {
    const key = topic.get("kmsMasterKeyId");
    if (!key.present) fail(key, "Messages are stored without encryption.");
  },
});
