import { findRule } from "../../../policy/index";
import { type Cases, given, specify, unknown, urnOf } from "../spec";

const balancer = "aws:lb/loadBalancer:LoadBalancer";
const group = "aws:lb/targetGroup:TargetGroup";
const listener = "aws:lb/listener:Listener";
const listenerRule = "aws:lb/listenerRule:ListenerRule";
const subnet = "aws:ec2/subnet:Subnet";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);

const inOneZone = (loadBalancerType: string) =>
  given(balancer, { loadBalancerType, subnets: [unknown(`${urnOf(subnet, "a")}#id`)] });
const zone = given(subnet, { availabilityZone: "eu-central-1a" }, { name: "a" });
more("alb-two-zones", {
  passes: { "a network one": [inOneZone("network"), zone], "a gateway": [inOneZone("gateway"), zone] },
  fails: { "an application's in one": [[inOneZone("application"), zone], "subnets"] },
});
more("target-group-check-order", {
  passes: {
    "ELB's own": given(group, {}),
    "29 of ELB's own 30 seconds": given(group, { healthCheck: { timeout: 29 } }),
  },
  fails: { "30 of ELB's own 30 seconds": [given(group, { healthCheck: { timeout: 30 } }), "healthCheck.timeout"] },
});

const lb = (name: string) => given(balancer, {}, { name });
const on = (name: string, of: string, forwards?: string) =>
  given(
    listener,
    { loadBalancerArn: unknown(`${urnOf(balancer, of)}#arn`) },
    { name, ...(forwards !== undefined && { references: { defaultActions: [urnOf(group, forwards)] } }) },
  );
const rule = (name: string, of: string, forwards?: string) =>
  given(
    listenerRule,
    { listenerArn: unknown(`${urnOf(listener, of)}#arn`), priority: 1 },
    { name, ...(forwards !== undefined && { references: { actions: [urnOf(group, forwards)] } }) },
  );
const subject = given(group, {});
more("target-group-one-balancer", {
  passes: {
    "another group on the second": [
      subject,
      lb("a"),
      lb("b"),
      on("x", "a"),
      on("y", "b"),
      rule("r", "x", "subject"),
      rule("s", "y", "other"),
    ],
    "a rule on the second that answers by itself": [
      subject,
      lb("a"),
      lb("b"),
      on("x", "a", "subject"),
      on("y", "b"),
      rule("s", "y"),
    ],
    "a listener of elsewhere beside": [subject, lb("a"), on("x", "a", "subject"), on("y", "elsewhere", "subject")],
  },
  fails: {
    "what two listeners do by default": [
      [subject, lb("a"), lb("b"), on("x", "a", "subject"), on("y", "b", "subject")],
      "",
    ],
    "a rule on one, the default of another": [
      [subject, lb("a"), lb("b"), on("x", "a"), on("y", "b", "subject"), rule("r", "x", "subject")],
      "",
    ],
  },
});
const second = (properties: object) =>
  given(listenerRule, { listenerArn: "arn", priority: 1, ...properties }, { name: "b" });
const first = given(listenerRule, { listenerArn: "arn", priority: 1 }, { name: "a" });
more("listener-rule-unique", {
  passes: {
    "another listener": [second({ listenerArn: "other" }), first],
    "another priority": [second({ priority: 2 }), first],
  },
});
more("listener-certificate", { fails: { "TLS without": [given(listener, { protocol: "TLS" }), ""] } });
