import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "cf-origin-https",
  title: "The CDN reaches its origins over TLS 1.2",
  severity: "medium",
  level: "mandatory",
  appliesTo: [...aws.distribution, "aws:cloudfront/vpcOrigin:VpcOrigin"],
  references: ["FSBP CloudFront.9", "FSBP CloudFront.10"],
  why: "What the reader sends over TLS would cross the internet in the clear behind the CDN.",
  fix: "Set `originProtocolPolicy` to `https-only` and `originSslProtocols` to TLSv1.2.",
  judge(resource, { each, fail, separately }) {
    const own = resource.get("vpcOriginEndpointConfig").items();
    const custom = resource
      .get("origins")
      .items()
      .flatMap((origin) => origin.get("customOriginConfig"));
    each([...own, ...custom.filter(({ present }) => present)], (origin) => {
      separately(
        () => {
          const policy = origin.get("originProtocolPolicy");
          if (policy.isNot("https-only")) fail(policy, "The origin may be asked over plain HTTP.");
        },
        () => {
          const protocols = origin.get("originSslProtocols");
          const listed = protocols.get("items").present ? protocols.get("items") : protocols;
          each(listed.items(), (protocol) => {
            if (protocol.is("SSLv3", "TLSv1", "TLSv1.1")) fail(protocol, "A withdrawn version of TLS is offered.");
          });
        },
      );
    });
  },
});
