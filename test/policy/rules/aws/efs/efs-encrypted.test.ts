import rule from "../../../../../policy/rules/aws/efs/efs-encrypted";
import { given, specify, unknown } from "../../../spec";

const files = "aws:efs/fileSystem:FileSystem";

specify(rule, {
  passes: { "encrypted files": given(files, { encrypted: true }) },
  fails: { "files that say nothing": [given(files, {}), "encrypted"] },
  open: { "a setting that is not known": [given(files, { encrypted: unknown() }), "encrypted"] },
});
