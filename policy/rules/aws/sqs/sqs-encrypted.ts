import { defineRule } from "../../../rule";

export default defineRule({
  id: "sqs-encrypted",
  title: "Queues are encrypted at rest",
  severity: "medium",
  level: "mandatory",

  appliesTo: ["aws:sqs/queue:Queue"],
  references: ["FSBP SQS.1", "CKV_AWS_27"],
  why: "Messages hold what users sent, for up to two weeks.",
  fix: "Leave `sqsManagedSseEnabled` on, or set `kmsMasterKeyId`.",
  judge(resource, { fail }) {
    const value = resource.get("sqsManagedSseEnabled");
    if (value.is(false)) fail(value, "Messages are stored without encryption.");
  },
});
