import { aws } from "../../../rules/aws/types";
import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import { refusal } from "../../refusal";
import { names, tooFewZones } from "./zones";

const api = "https://docs.aws.amazon.com/elasticloadbalancing/latest";
const targetGroup = ["aws:lb/targetGroup:TargetGroup"];
const rule = "aws:lb/listenerRule:ListenerRule";

const zones = refusal({
  id: "alb-two-zones",
  title: "A load balancer has subnets in two zones",
  appliesTo: aws.loadBalancer,
  scope: "stack",
  source: `${api}/APIReference/API_CreateLoadBalancer.html`,
  why: "CreateLoadBalancer answers `At least two subnets in two different Availability Zones must be specified`.",
  fix: "Give subnets of two zones or more.",
  judge: (balancer, { stack, fail }) => {
    if (balancer.get("loadBalancerType").is("network", "gateway")) return;
    const subnets = balancer.get("subnets");
    if (subnets.present && tooFewZones(stack, subnets)) fail(subnets, "are in fewer than two zones");
  },
});

const dualStack = refusal({
  id: "alb-dual-stack-subnets",
  title: "A dual-stack load balancer is in subnets with IPv6",
  appliesTo: aws.loadBalancer,
  scope: "stack",
  source: `${api}/application/application-load-balancers.html#ip-address-type`,
  why: "CreateLoadBalancer and SetIpAddressType answer InvalidSubnet.",
  fix: "An ipv6CidrBlock for each of its subnets, or ipAddressType ipv4.",
  judge: (balancer, { stack, fail }) => {
    if (!balancer.get("ipAddressType").is("dualstack", "dualstack-without-public-ipv4")) return;
    const subnets = balancer.get("subnets");
    const own = stack.ofType("aws:ec2/subnet:Subnet");
    const without = subnets.items().some((one) => own.some((it) => names(one, it) && it.get("ipv6CidrBlock").absent));
    if (without) fail(subnets, "are not all on IPv6");
  },
});

const checkTimeout = refusal({
  id: "target-group-check-order",
  title: "A health check ends before the next begins",
  appliesTo: targetGroup,
  source: `${api}/application/target-group-health-checks.html`,
  why: "CreateTargetGroup answers `Health check interval must be greater than the timeout`.",
  fix: "Set healthCheck.timeout below healthCheck.interval.",
  judge: ({ root }, { fail }) => {
    const check = root.get("healthCheck");
    const [timeout, interval] = [check.get("timeout").number(), check.get("interval").number() ?? 30];
    if (timeout !== undefined && timeout >= interval) fail(check.get("timeout"), "is not below the interval");
  },
});

const priority = refusal({
  id: "listener-rule-unique",
  title: "Rules of one listener have priorities of their own",
  appliesTo: [rule],
  scope: "stack",
  source: `${api}/APIReference/API_CreateRule.html`,
  why: "CreateRule answers PriorityInUse.",
  fix: "Give each rule of the listener another priority.",
  judge: (one, { stack, fail }) => {
    const twin = stack
      .ofType(rule)
      .find(
        (other) =>
          other.urn < one.urn &&
          other.get("listenerArn").sameAs(one.get("listenerArn")) &&
          other.get("priority").sameAs(one.get("priority")),
      );
    if (twin !== undefined) fail(one.get("priority"), `is that of ${twin.name}, too`);
  },
});

const one = refusal({
  id: "target-group-one-balancer",
  title: "A target group belongs to one load balancer",
  appliesTo: targetGroup,
  scope: "stack",
  source: `${api}/application/load-balancer-target-groups.html`,
  why: "The second listener rule is refused: `target groups cannot be associated with more than one load balancer`.",
  fix: "Make a target group for each load balancer.",
  judge: (group, { stack, fail }) => {
    const balancers = new Set(
      [...stack.ofType(rule), ...stack.ofType(...aws.listener)]
        .filter((user) => forwardsTo(user, group))
        .map((user) => balancerOf(stack, user)),
    );
    balancers.delete(undefined);
    if (balancers.size > 1) fail(group.root, "receives traffic from two load balancers");
  },
});

function forwardsTo(user: Resource, group: Resource): boolean {
  const property = user.type === rule ? "actions" : "defaultActions";
  return user.references[property]?.includes(group.urn) ?? false;
}

function balancerOf(stack: Stack, user: Resource): string | undefined {
  const listener =
    user.type === rule ? stack.ofType(...aws.listener).find((one) => stack.names(user, "listenerArn", one)) : user;
  return (
    listener &&
    stack.ofType(...aws.loadBalancer).find((balancer) => stack.names(listener, "loadBalancerArn", balancer))?.urn
  );
}

const certificate = refusal({
  id: "listener-certificate",
  title: "A listener for HTTPS has a certificate",
  appliesTo: aws.listener,
  source: `${api}/application/create-https-listener.html`,
  why: "CreateListener answers `A certificate must be specified for HTTPS listeners`.",
  fix: "Set certificateArn to a certificate of the same region.",
  judge: ({ root }, { fail }) => {
    if (root.get("protocol").is("HTTPS", "TLS") && root.get("certificateArn").absent) fail(root, "has no certificate");
  },
});

export const loadBalancerRules = [zones, dualStack, checkTimeout, priority, one, certificate];
