import rule from "../../../../../policy/rules/aws/load-balancer/elb-tls";
import { given, specify } from "../../../spec";

const type = "aws:elb/loadBalancer:LoadBalancer";

specify(rule, {
  passes: {
    HTTPS: given(type, { listeners: [{ lbProtocol: "https", lbPort: 443 }] }),
    "an internal one": given(type, { internal: true, listeners: [{ lbProtocol: "http" }] }),
  },
  fails: { HTTP: [given(type, { listeners: [{ lbProtocol: "HTTP", lbPort: 80 }] }), "listeners[0].lbProtocol"] },
});
