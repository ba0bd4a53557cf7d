import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "alarm-actions",
  title: "Alarms reach somebody",
  severity: "medium",
  level: "advisory",
  appliesTo: aws.alarm,
  references: ["FSBP CloudWatch.15", "FSBP CloudWatch.17", "CKV_AWS_319"],
  why: "An alarm without an action turns red on a page that nobody has open.",
  fix: "Set `alarmActions` to a topic that somebody subscribes to.",
  judge(alarm, { fail, separately }) {
    const [enabled, actions] = [alarm.get("actionsEnabled"), alarm.get("alarmActions")];
    separately(
      () => {
        if (enabled.is(false)) fail(enabled, "The alarm's actions are off.");
      },
      () => {
        if (actions.items().length === 0) fail(actions, "The alarm tells nobody.");
      },
    );
  },
});
