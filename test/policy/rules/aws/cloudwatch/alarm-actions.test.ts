import rule from "../../../../../policy/rules/aws/cloudwatch/alarm-actions";
import { given, specify, unknown } from "../../../spec";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

specify(rule, {
  passes: { "an alarm with a topic": given(alarm, { alarmActions: [unknown("urn#arn")] }) },
  fails: {
    "an alarm without one": [given(alarm, {}), "alarmActions"],
    "an alarm that is muted": [given(alarm, { alarmActions: ["arn"], actionsEnabled: false }), "actionsEnabled"],
    "a composite alarm": [given("aws:cloudwatch/compositeAlarm:CompositeAlarm", { alarmActions: [] }), "alarmActions"],
  },
  open: { "actions that are not known": [given(alarm, { alarmActions: unknown() }), "alarmActions"] },
});
