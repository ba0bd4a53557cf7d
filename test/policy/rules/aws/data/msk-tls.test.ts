import rule from "../../../../../policy/rules/aws/data/msk-tls";
import { given, specify, unknown } from "../../../spec";

const type = "aws:msk/cluster:Cluster";

specify(rule, {
  passes: {
    "the default": given(type, {}),
  },
  fails: {
    both: [
      given(type, { encryptionInfo: { encryptionInTransit: { clientBroker: "TLS_PLAINTEXT" } } }),
      "encryptionInfo.encryptionInTransit.clientBroker",
    ],
  },
  open: { "what is not known": [given(type, { encryptionInfo: unknown("urn#x") }), "encryptionInfo"] },
});
