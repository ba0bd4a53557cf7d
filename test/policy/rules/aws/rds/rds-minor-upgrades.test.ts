import rule from "../../../../../policy/rules/aws/rds/rds-minor-upgrades";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";
const upgrade = "autoMinorVersionUpgrade";

specify(rule, {
  passes: { "an instance that says nothing": given(instance, {}) },
  fails: { "an instance that takes none": [given(instance, { [upgrade]: false }), upgrade] },
  open: { "a setting that is not known": [given(instance, { [upgrade]: unknown() }), upgrade] },
});
