import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "ecs-efs-tls",
  title: "EFS volumes of ECS tasks are mounted over TLS",
  severity: "medium",
  level: "mandatory",
  appliesTo: aws.taskDefinition,
  references: ["FSBP ECS.18", "CKV_AWS_97"],
  why: "NFS without TLS is readable by everything between the task and the mount target.",
  fix: "Set `efsVolumeConfiguration.transitEncryption` to `ENABLED`.",
  judge(task, { each, fail }) {
    each(task.get("volumes").items(), (volume) => {
      for (const efs of volume.get("efsVolumeConfiguration").items()) {
        const encryption = efs.get("transitEncryption");
        if (encryption.isNot("ENABLED")) fail(encryption, "The volume is mounted without TLS.");
      }
    });
  },
});
