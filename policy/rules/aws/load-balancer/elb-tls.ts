import { defineRule } from "../../../rule";

export default defineRule({
  id: "elb-tls",
  title: "Classic load balancers speak TLS",
  severity: "high",
  level: "mandatory",
  appliesTo: [/^aws:elb\/loadBalancer:LoadBalancer$/],
  references: ["FSBP ELB.3", "CKV_AWS_127", "CKV_AWS_376"],
  why: "A page served over HTTP can be read and changed on its way, its cookies with it.",
  fix: "Give each listener `lbProtocol` `https` or `ssl` and a certificate; better, use an application load balancer.",
  judge(balancer, { each, fail }) {
    if (balancer.get("internal").is(true)) return;
    each(balancer.get("listeners").items(), (listener) => {
      const protocol = listener.get("lbProtocol");
      if (!/^(https|ssl)$/i.test(protocol.string() ?? "")) fail(protocol, "The listener speaks plain text.");
    });
  },
});
