import rule from "../../../../../policy/rules/aws/load-balancer/alb-tls12";
import { given, specify, unknown } from "../../../spec";

const listener = (sslPolicy: unknown, protocol = "HTTPS") => given("aws:lb/listener:Listener", { protocol, sslPolicy });

specify(rule, {
  passes: {
    "TLS 1.2 and 1.3": listener("ELBSecurityPolicy-TLS13-1-2-Res-2021-06"),
    "TLS 1.3 alone": listener("ELBSecurityPolicy-TLS13-1-3-2021-06"),
    "a listener without TLS, which another rule judges": listener(undefined, "HTTP"),
  },
  fails: {
    "what AWS takes when nothing is said": [listener(undefined), "sslPolicy"],
    "TLS 1.3 that still accepts 1.0": [listener("ELBSecurityPolicy-TLS13-1-0-2021-06"), "sslPolicy"],
    "a network load balancer of 2016": [listener("ELBSecurityPolicy-2016-08", "TLS"), "sslPolicy"],
  },
  open: { "a policy that is not known": [listener(unknown()), "sslPolicy"] },
});
