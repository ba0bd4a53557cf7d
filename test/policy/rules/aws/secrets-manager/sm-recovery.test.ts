import rule from "../../../../../policy/rules/aws/secrets-manager/sm-recovery";
import { given, specify, unknown } from "../../../spec";

const type = "aws:secretsmanager/secret:Secret";

specify(rule, {
  passes: { "a secret that says nothing": given(type, {}) },
  fails: { "a secret that is gone at once": [given(type, { recoveryWindowInDays: 0 }), "recoveryWindowInDays"] },
  open: { "a window that is not known": [given(type, { recoveryWindowInDays: unknown() }), "recoveryWindowInDays"] },
});
