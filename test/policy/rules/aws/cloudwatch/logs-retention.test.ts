import rule from "../../../../../policy/rules/aws/cloudwatch/logs-retention";
import { given, specify, unknown } from "../../../spec";

const group = "aws:cloudwatch/logGroup:LogGroup";

specify(rule, {
  passes: { "a month": given(group, { retentionInDays: 30 }) },
  fails: {
    "never expires": [given(group, {}), "retentionInDays"],
    "never expires, said outright": [given(group, { retentionInDays: 0 }), "retentionInDays"],
    "a day": [given(group, { retentionInDays: 1 }), "retentionInDays"],
  },
  open: { "a period that is not known": [given(group, { retentionInDays: unknown() }), "retentionInDays"] },
});
