import { defineRule } from "../../../rule";

export default defineRule({
  id: "ec2-imdsv2",
  title: "Instances ask for a token before they hand out credentials",
  severity: "high",
  level: "mandatory",
  appliesTo: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  ],
  references: ["FSBP EC2.8", "CIS AWS 5.6", "CKV_AWS_79"],
  why: "With version 1 of the metadata service one forged request of the server reads the credentials of its role.",
  fix: "Set `metadataOptions.httpTokens` to `required`.",
  judge(instance, { fail }) {
    const tokens = instance.get("metadataOptions", "httpTokens");
    if (tokens.isNot("required")) fail(tokens, "Version 1 of the metadata service answers.");
  },
});
