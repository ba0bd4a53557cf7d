import rule from "../../../../../policy/rules/aws/load-balancer/alb-protect";
import { given, specify, unknown } from "../../../spec";

const balancer = "aws:lb/loadBalancer:LoadBalancer";

specify(rule, {
  passes: { "a protected one": given(balancer, { enableDeletionProtection: true }) },
  fails: { "one that says nothing": [given(balancer, {}), "enableDeletionProtection"] },
  open: {
    "a setting that is not known": [
      given(balancer, { enableDeletionProtection: unknown() }),
      "enableDeletionProtection",
    ],
  },
});
