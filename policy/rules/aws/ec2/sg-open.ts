import { defineRule } from "../../../rule";
import { aws } from "../types";
import { ingressIn, openCidrs } from "./ingress";

export default defineRule({
  id: "sg-open",
  title: "The internet reaches web ports and no others",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.securityGroup, ...aws.ingressRule],
  references: ["FSBP EC2.18", "FSBP EC2.19", "CIS AWS 5.2", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"],
  why: "Shells, databases and caches that anybody may knock at are found and tried at once.",
  fix: "Name the security group or the prefix list that may connect instead of 0.0.0.0/0 or ::/0.",
  parameters: {
    allowedPorts: { type: "strings", default: ["80", "443"], description: "Ports that everybody may reach." },
  },
  judge(resource, { each, fail, parameters }) {
    each(ingressIn(resource), (rule) => {
      const open = openCidrs(rule);
      if (open.length === 0 || rule.protocol.is("icmp", "icmpv6", "1", "58")) return;
      const [from, to] = [rule.from.number(), rule.to.number() ?? rule.from.number()];
      const allowed = from !== undefined && from === to && parameters.allowedPorts.includes(String(from));
      if (allowed && !rule.protocol.is("-1", "all")) return;
      for (const cidr of open) fail(cidr, "Anybody may connect, on more than the ports of a web site.");
    });
  },
});
