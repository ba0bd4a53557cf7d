import rule from "../../../../../policy/rules/aws/opensearch/opensearch-encrypted";
import { given, specify, unknown } from "../../../spec";

const type = "aws:opensearch/domain:Domain";

specify(rule, {
  passes: {
    both: given(type, { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: true } }),
  },
  fails: {
    "nothing at rest": [given(type, { nodeToNodeEncryption: { enabled: true } }), "encryptAtRest.enabled"],
    "nothing between nodes": [
      given(type, { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: false } }),
      "nodeToNodeEncryption.enabled",
    ],
  },
  open: { "what is not known": [given(type, { encryptAtRest: unknown("urn#x") }), "encryptAtRest"] },
});
