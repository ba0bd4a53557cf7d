import { defineRule } from "../../../rule";
import { aws } from "../types";
import { behaviors } from "./behaviors";

export default defineRule({
  id: "cf-https",
  title: "The CDN serves HTTPS and redirects the rest",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.distribution,
  references: ["FSBP CloudFront.3", "CKV_AWS_34"],
  why: "A page served over HTTP can be read and changed on its way, its cookies with it.",
  fix: "Set `viewerProtocolPolicy` to `redirect-to-https` in every behavior.",
  judge(distribution, { each, fail }) {
    each(behaviors(distribution), (behavior) => {
      const policy = behavior.get("viewerProtocolPolicy");
      if (policy.isNot("redirect-to-https", "https-only")) fail(policy, "Plain HTTP is served.");
    });
  },
});
