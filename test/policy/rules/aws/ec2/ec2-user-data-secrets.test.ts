import rule from "../../../../../policy/rules/aws/ec2/ec2-user-data-secrets";
import { given, secret, specify } from "../../../spec";

const instance = "aws:ec2/instance:Instance";
const script = "#!/bin/sh\nexport DB_PASSWORD=hunter2longer\n./run\n";

specify(rule, {
  passes: {
    "a script": given(instance, { userData: "#!/bin/sh\napt-get install -y nginx\n" }),
    none: given(instance, {}),
    "a reference": given(instance, { userData: "#!/bin/sh\nexport DB_PASSWORD=$(aws secretsmanager get)\n" }),
  },
  fails: {
    "a password": [given(instance, { userData: script }), "userData"],
    "a key": [given(instance, { userData: "aws configure set k AKIAIOSFODNN7EXAMPLE" }), "userData"],
    "one in Base64": [
      given("aws:ec2/launchTemplate:LaunchTemplate", { userData: Buffer.from(script).toString("base64") }),
      "userData",
    ],
    "what is marked": [given(instance, { userDataBase64: secret }), "userDataBase64"],
  },
});
