import rule from "../../../../../policy/rules/aws/ecr/ecr-scan";
import { given, specify, unknown } from "../../../spec";

const repository = "aws:ecr/repository:Repository";
const scan = "imageScanningConfiguration.scanOnPush";

specify(rule, {
  passes: { "scans on push": given(repository, { imageScanningConfiguration: { scanOnPush: true } }) },
  fails: {
    "a repository that says nothing": [given(repository, {}), scan],
    "no scans": [given(repository, { imageScanningConfiguration: { scanOnPush: false } }), scan],
  },
  open: {
    "a configuration that is not known": [
      given(repository, { imageScanningConfiguration: unknown() }),
      "imageScanningConfiguration",
    ],
  },
});
