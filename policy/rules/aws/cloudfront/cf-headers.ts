import { defineRule } from "../../../rule";
import { aws } from "../types";
import { behaviors } from "./behaviors";

export default defineRule({
  id: "cf-headers",
  title: "The CDN adds security headers",
  severity: "low",
  level: "advisory",
  appliesTo: aws.distribution,
  references: ["CKV2_AWS_32"],
  why: "Files that come from a bucket carry only the headers that the CDN gives them.",
  fix: "Set `responseHeadersPolicyId` in every behavior.",
  judge(distribution, { each, fail }) {
    each(behaviors(distribution), (behavior) => {
      const policy = behavior.get("responseHeadersPolicyId");
      if (!policy.present || (!policy.isUnknown && policy.is(""))) fail(policy, "Responses get no security headers.");
    });
  },
});
