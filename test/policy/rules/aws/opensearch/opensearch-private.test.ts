import rule from "../../../../../policy/rules/aws/opensearch/opensearch-private";
import { given, specify } from "../../../spec";

const type = "aws:opensearch/domain:Domain";

specify(rule, {
  passes: {
    "one in a VPC": given(type, { vpcOptions: { subnetIds: ["subnet-1"] } }),
  },
  fails: {
    "one without": [given(type, {}), "vpcOptions"],
  },
});
