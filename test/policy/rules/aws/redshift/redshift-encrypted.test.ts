import rule from "../../../../../policy/rules/aws/redshift/redshift-encrypted";
import { given, specify, unknown } from "../../../spec";

const type = "aws:redshift/cluster:Cluster";

specify(rule, {
  passes: {
    "an encrypted one": given(type, { encrypted: true }),
    "text for true": given(type, { encrypted: "true" }),
  },
  fails: {
    "one that says nothing": [given(type, {}), "encrypted"],
    "one that is not": [given(type, { encrypted: false }), "encrypted"],
  },
  open: { "what is not known": [given(type, { encrypted: unknown("urn#x") }), "encrypted"] },
});
