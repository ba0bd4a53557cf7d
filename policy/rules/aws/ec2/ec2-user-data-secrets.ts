import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";
import { Value } from "../../../value";

export default defineRule({
  id: "ec2-user-data-secrets",
  title: "No secret is in the user data of an instance",
  severity: "critical",
  level: "mandatory",
  appliesTo: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  references: ["CKV_AWS_46"],
  why: "Every process of the instance reads it from the metadata service, and so does everybody who may describe instances.",
  fix: "Let the instance read the secret from Secrets Manager with its role.",
  judge(resource, { fail, separately }) {
    separately(
      ...["userData", "userDataBase64"].map((name) => () => {
        const data = resource.get(name);
        if (!data.present) return;
        const fault = secretFault("", decoded(data), "entry");
        if (fault) fail(data, "The user data holds a secret.");
      }),
    );
  },
});

/** Templates hold it in Base64, instances as it is. */
function decoded(data: Value): Value {
  if (data.isUnknown || data.isSecret || typeof data.raw !== "string") return data;
  return /^[A-Za-z0-9+/\s]+=*\s*$/.test(data.raw) && !/\s\S+\s/.test(data.raw.trim())
    ? new Value(Buffer.from(data.raw, "base64").toString("utf8"), data.path)
    : data;
}
