import rule from "../../../../../policy/rules/aws/ec2/ebs-encrypted";
import { given, specify } from "../../../spec";

const volume = "aws:ebs/volume:Volume";
const instance = "aws:ec2/instance:Instance";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const byDefault = given("aws:ebs/encryptionByDefault:EncryptionByDefault", {}, { name: "default" });

specify(rule, {
  passes: {
    "an encrypted volume": given(volume, { encrypted: true }),
    "an account that encrypts by default": [given(volume, {}), byDefault],
    "an instance with all of them": given(instance, {
      rootBlockDevice: { encrypted: true },
      ebsBlockDevices: [{ encrypted: true }],
    }),
    "a template": given(template, { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { noDevice: "true" }] }),
  },
  fails: {
    "a volume": [given(volume, {}), "encrypted"],
    "a root volume that nobody speaks of": [given(instance, {}), "rootBlockDevice.encrypted"],
    "one of several": [
      given(instance, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] }),
      "ebsBlockDevices[1].encrypted",
    ],
    "a template's": [
      given(template, { blockDeviceMappings: [{ ebs: { encrypted: "false" } }] }),
      "blockDeviceMappings[0].ebs.encrypted",
    ],
  },
});
