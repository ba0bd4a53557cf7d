import rule from "../../../../../policy/rules/aws/ec2/ec2-imdsv2";
import { given, specify, unknown } from "../../../spec";

const instance = "aws:ec2/instance:Instance";

specify(rule, {
  passes: { "tokens that are required": given(instance, { metadataOptions: { httpTokens: "required" } }) },
  fails: {
    "tokens that are optional": [
      given(instance, { metadataOptions: { httpTokens: "optional" } }),
      "metadataOptions.httpTokens",
    ],
    "a template that says nothing": [given("aws:ec2/launchTemplate:LaunchTemplate", {}), "metadataOptions.httpTokens"],
  },
  open: { "options that are not known": [given(instance, { metadataOptions: unknown() }), "metadataOptions"] },
});
