import rule from "../../../../../policy/rules/aws/rds/rds-final-snapshot";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "an instance that says nothing": given(instance, {}),
    "a replica, which has nothing of its own": given(instance, {
      replicateSourceDb: "primary",
      skipFinalSnapshot: true,
    }),
  },
  fails: { "a database that leaves nothing": [given(instance, { skipFinalSnapshot: true }), "skipFinalSnapshot"] },
  open: { "a setting that is not known": [given(instance, { skipFinalSnapshot: unknown() }), "skipFinalSnapshot"] },
});
