import rule from "../../../../../policy/rules/aws/load-balancer/alb-drop-headers";
import { given, specify, unknown } from "../../../spec";

const balancer = "aws:lb/loadBalancer:LoadBalancer";

specify(rule, {
  passes: {
    "one that drops them": given(balancer, { dropInvalidHeaderFields: true }),
    "a network load balancer": given(balancer, { loadBalancerType: "network" }),
  },
  fails: {
    "one that says nothing": [given(balancer, {}), "dropInvalidHeaderFields"],
    "the older type": [given("aws:alb/loadBalancer:LoadBalancer", {}), "dropInvalidHeaderFields"],
    "the oldest type": [given("aws:elasticloadbalancingv2/loadBalancer:LoadBalancer", {}), "dropInvalidHeaderFields"],
  },
  open: {
    "a setting that is not known": [given(balancer, { dropInvalidHeaderFields: unknown() }), "dropInvalidHeaderFields"],
  },
});
