import type { Resource } from "../../../resource";
import { defineRule } from "../../../rule";
import type { Stack } from "../../../stack";
import { NotKnown } from "../../../value";
import { aws } from "../types";
import { alarmRuleOf } from "./alarm-rule";

export default defineRule({
  id: "alarm-actions",
  title: "Alarms reach somebody",
  severity: "medium",
  level: "advisory",
  scope: "stack",
  appliesTo: aws.alarm,
  references: ["FSBP CloudWatch.15", "FSBP CloudWatch.17", "CKV_AWS_319"],
  why: "An alarm without an action turns red on a page that nobody has open.",
  fix: "Set `alarmActions` to a topic that somebody subscribes to, or name the alarm in a composite alarm that has them.",
  judge(alarm, { fail, separately, stack }) {
    const [enabled, actions] = [alarm.get("actionsEnabled"), alarm.get("alarmActions")];
    separately(
      () => {
        if (enabled.is(false)) fail(enabled, "The alarm's actions are off.");
      },
      () => {
        if (actions.items().length === 0 && !notifiesThroughAnother(alarm, stack))
          fail(actions, "The alarm tells nobody, and no composite alarm does it as soon as this one goes off.");
      },
    );
  },
});

/** Whether this alarm alone puts a composite alarm into alarm that has actions, or that does the same in turn. */
function notifiesThroughAnother(alarm: Resource, stack: Stack, seen: readonly Resource[] = []): boolean {
  let open: NotKnown | undefined;
  for (const composite of stack.ofType("aws:cloudwatch/compositeAlarm:CompositeAlarm")) {
    if (composite === alarm || seen.includes(composite)) continue;
    try {
      const { isOf, rule } = alarmRuleOf(composite);
      if (!rule.holds((child) => isOf(child, alarm)) || rule.holds(() => false)) continue;
      if (composite.get("actionsEnabled").is(false)) continue;
      if (composite.get("alarmActions").items().length > 0) return true;
      if (notifiesThroughAnother(composite, stack, [...seen, alarm])) return true;
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      open = error;
    }
  }
  if (open !== undefined) throw open;
  return false;
}
