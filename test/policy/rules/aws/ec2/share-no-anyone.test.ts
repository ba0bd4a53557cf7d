import rule from "../../../../../policy/rules/aws/ec2/share-no-anyone";
import { given, specify } from "../../../spec";

const image = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";
const snapshot = "aws:rds/snapshot:Snapshot";

specify(rule, {
  passes: {
    "an account": given(image, { imageId: "ami-1", accountId: "123456789012" }),
    "a snapshot of an account": given(snapshot, { sharedAccounts: ["123456789012"] }),
    "a snapshot of nobody else": given(snapshot, {}),
  },
  fails: {
    "an image for all": [given(image, { imageId: "ami-1", group: "all" }), "group"],
    "a snapshot for all": [given(snapshot, { sharedAccounts: ["123456789012", "all"] }), "sharedAccounts[1]"],
  },
});
