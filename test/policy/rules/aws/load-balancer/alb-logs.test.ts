import rule from "../../../../../policy/rules/aws/load-balancer/alb-logs";
import { given, specify, unknown } from "../../../spec";

const balancer = "aws:lb/loadBalancer:LoadBalancer";

specify(rule, {
  passes: { "logs to a bucket": given(balancer, { accessLogs: { enabled: true, bucket: unknown("urn#bucket") } }) },
  fails: {
    "one that says nothing": [given(balancer, {}), "accessLogs.enabled"],
    "a bucket that is not used": [given(balancer, { accessLogs: { bucket: "logs" } }), "accessLogs.enabled"],
  },
  open: { "a setting that is not known": [given(balancer, { accessLogs: unknown() }), "accessLogs"] },
});
