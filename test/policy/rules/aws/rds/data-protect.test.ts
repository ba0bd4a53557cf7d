import rule from "../../../../../policy/rules/aws/rds/data-protect";
import { given, specify } from "../../../spec";

const instance = "aws:rds/instance:Instance";

specify(rule, {
  passes: {
    "a protected database": given(instance, {}, { protect: true }),
    "a replica, which can be made again": given(instance, { replicateSourceDb: "primary" }),
  },
  fails: {
    "a database without the option": [given(instance, {}), ""],
    "a file system": [given("aws:efs/fileSystem:FileSystem", {}), ""],
  },
});
