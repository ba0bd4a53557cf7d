import rule from "../../../../../policy/rules/aws/kms/kms-rotate";
import { given, specify, unknown } from "../../../spec";

const key = "aws:kms/key:Key";

specify(rule, {
  passes: {
    "a key that is rotated": given(key, { enableKeyRotation: true }),
    "a key for signing, which cannot be": given(key, {
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: "ECC_NIST_P256",
    }),
  },
  fails: { "a key that says nothing": [given(key, {}), "enableKeyRotation"] },
  open: { "a setting that is not known": [given(key, { enableKeyRotation: unknown() }), "enableKeyRotation"] },
});
