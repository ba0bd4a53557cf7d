import rule from "../../../../../policy/rules/aws/rds/rds-private";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: { "an instance that says nothing": given(instance, { engine: "postgres" }) },
  fails: {
    "a public instance": [given(instance, { publiclyAccessible: true }), "publiclyAccessible"],
    "the same as a string": [given(instance, { publiclyAccessible: "true" }), "publiclyAccessible"],
    "an instance of Aurora": [
      given("aws:rds/clusterInstance:ClusterInstance", { publiclyAccessible: true }),
      "publiclyAccessible",
    ],
  },
  open: { "a setting that is not known": [given(instance, { publiclyAccessible: unknown() }), "publiclyAccessible"] },
});
