import rule from "../../../../../policy/rules/aws/rds/rds-logs";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";
const exported = "enabledCloudwatchLogsExports";

specify(rule, {
  passes: { "exported logs": given(instance, { [exported]: ["postgresql", "upgrade"] }) },
  fails: {
    "no logs": [given(instance, {}), exported],
    "an empty list": [given("aws:rds/cluster:Cluster", { [exported]: [] }), exported],
  },
  open: { "a list that is not known": [given(instance, { [exported]: unknown() }), exported] },
});
