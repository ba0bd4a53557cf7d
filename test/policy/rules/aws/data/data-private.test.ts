import rule from "../../../../../policy/rules/aws/data/data-private";
import { given, specify, unknown } from "../../../spec";

const type = "aws:redshift/cluster:Cluster";

specify(rule, {
  passes: {
    "a private one": given(type, { publiclyAccessible: false }),
    "the default": given(type, {}),
  },
  fails: {
    "a public one": [given(type, { publiclyAccessible: true }), "publiclyAccessible"],
  },
  open: { "what is not known": [given(type, { publiclyAccessible: unknown("urn#x") }), "publiclyAccessible"] },
});
