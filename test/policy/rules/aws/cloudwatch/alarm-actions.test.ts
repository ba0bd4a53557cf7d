import rule from "../../../../../policy/rules/aws/cloudwatch/alarm-actions";
import { given, partly, specify, unknown, urnOf } from "../../../spec";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const composite = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const child = given(alarm, {});
/** A composite alarm over the subject, which is `{0}`, and over another alarm, which is `{1}`. */
const over = (alarmRule: string, more: object = { alarmActions: ["arn"] }, name = "composite") =>
  given(
    composite,
    { alarmRule: partly(alarmRule, `${urnOf(alarm)}#name`, `${urnOf(alarm, "other")}#name`), ...more },
    { name },
  );

specify(rule, {
  passes: {
    "an alarm with a topic": given(alarm, { alarmActions: [unknown("urn#arn")] }),
    "a child of a composite alarm that tells": [child, over('ALARM("{0}")')],
    "one of several children": [child, over('ALARM("{1}") OR (ALARM({0}) AND NOT ALARM("{1}"))')],
    "a child by its name": [
      given(alarm, { name: "errors" }),
      given(composite, { alarmRule: "ALARM(errors)", alarmActions: ["arn"] }, { name: "composite" }),
    ],
    "a child of a child": [
      child,
      over('ALARM("{0}")', {}, "inner"),
      given(
        composite,
        { alarmRule: partly('ALARM("{0}")', `${urnOf(composite, "inner")}#alarmName`), alarmActions: ["arn"] },
        { name: "outer" },
      ),
    ],
  },
  fails: {
    "an alarm without one": [given(alarm, {}), "alarmActions"],
    "an alarm that is muted": [given(alarm, { alarmActions: ["arn"], actionsEnabled: false }), "actionsEnabled"],
    "a composite alarm": [given(composite, { alarmRule: "TRUE", alarmActions: [] }), "alarmActions"],
    "a child of a composite alarm that tells nobody": [[child, over('ALARM("{0}")', {})], "alarmActions"],
    "a child of one that is muted": [
      [child, over('ALARM("{0}")', { alarmActions: ["arn"], actionsEnabled: false })],
      "alarmActions",
    ],
    "a child that another has to join": [[child, over('ALARM("{0}") AND ALARM("{1}")')], "alarmActions"],
    "a child that silences": [[child, over('ALARM("{1}") AND NOT ALARM("{0}")')], "alarmActions"],
    "a child whose health is the alarm": [[child, over('OK("{0}")')], "alarmActions"],
    "a suppressor": [
      [
        child,
        over('ALARM("{1}")', {
          alarmActions: ["arn"],
          actionsSuppressor: { alarm: unknown(`${urnOf(alarm)}#name`), waitPeriod: 60, extensionPeriod: 60 },
        }),
      ],
      "alarmActions",
    ],
    "one beside an alarm of another name": [
      [
        given(alarm, { name: "errors" }),
        given(composite, { alarmRule: "ALARM(latency)", alarmActions: ["arn"] }, { name: "composite" }),
      ],
      "alarmActions",
    ],
  },
  open: {
    "actions that are not known": [given(alarm, { alarmActions: unknown() }), "alarmActions"],
    "a composite alarm of which the rule is not known": [
      [child, given(composite, { alarmRule: unknown(), alarmActions: ["arn"] }, { name: "composite" })],
      "alarmRule",
    ],
  },
});
