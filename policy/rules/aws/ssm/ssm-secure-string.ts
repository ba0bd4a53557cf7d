import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";

export default defineRule({
  id: "ssm-secure-string",
  title: "Secrets are parameters of type SecureString",
  severity: "high",
  level: "mandatory",
  appliesTo: ["aws:ssm/parameter:Parameter"],
  references: ["CKV_AWS_337", "CKV2_AWS_34"],
  why: "Every reader of parameters reads a String; a SecureString asks for the right to its key as well.",
  fix: "Set `type` to `SecureString`, or keep the value in Secrets Manager.",
  judge(parameter, { fail }) {
    if (parameter.get("type").is("SecureString")) return;
    const value = parameter.root.either("value", "insecureValue");
    const name = parameter.get("name");
    const last = name.isUnknown ? parameter.name : (name.string() ?? parameter.name);
    const fault = secretFault(last.split("/").pop() ?? "", value, "entry");
    if (fault) fail(value, fault.replace("entry", "parameter"));
  },
});
