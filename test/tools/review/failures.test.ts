import { deepEqual } from "node:assert/strict";
import { evaluatePlan } from "../../../tools/judge/policy/evaluate-plan";
import type { PolicyReport } from "../../../policy/report";
import type { PlanValue } from "../../../tools/plan/plan";
import { failuresOf } from "../../../tools/review/failures";
import type { Review } from "../../../tools/review/review";
import { difference } from "../../../tools/sources/difference/difference";
import { plan, resource } from "../plans";

type Inputs = Readonly<Record<string, PlanValue>>;

const today = { today: new Date("2026-11-27") };

/** How often a rule fails by a change, and how often it did before. */
function counted(rule: string, type: string, before: Inputs, after: Inputs): readonly [number, number] {
  const [base, branch] = [plan(resource(type, "x", before)), plan(resource(type, "x", after))];
  const { fresh, standing } = failuresOf({
    plan: difference(base, branch),
    policies: evaluatePlan(branch, {}, today),
    policiesBefore: evaluatePlan(base, {}, today),
  } as unknown as Review);
  const of = (verdicts: typeof fresh) => verdicts.filter((one) => one.rule === rule).length;
  return [of(fresh), of(standing)];
}

const door = (from: number, to: number, ...cidrBlocks: string[]) => ({
  protocol: "tcp",
  fromPort: from,
  toPort: to,
  cidrBlocks: cidrBlocks.length > 0 ? cidrBlocks : ["0.0.0.0/0"],
});
const group = (...ingress: Inputs[]) => ({ ingress });
const inside = door(443, 443, "10.0.0.0/8");
const allow = (Action: PlanValue, more = {}) => ({ Effect: "Allow", Action, Resource: "*", ...more });
const policy = (...Statement: Inputs[]) => ({ policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
const pod = (spec: Inputs) => ({ spec: { template: { spec } } });
const container = (name: string, privileged: boolean) => ({ name, securityContext: { privileged } });

const types = {
  group: "aws:ec2/securityGroup:SecurityGroup",
  rule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  policy: "aws:iam/rolePolicy:RolePolicy",
  pod: "kubernetes:apps/v1:Deployment",
};

interface Case {
  readonly type: keyof typeof types;
  readonly rule: string;
  readonly from: Inputs;
  readonly to: Inputs;
  readonly fresh: number;
  readonly standing: number;
}

const open = { type: "group", rule: "sg-open", from: group(door(22, 22)) } as const;
const privileged = { type: "pod", rule: "k8s-privileged" } as const;
const volume = (path: string) => ({ containers: [], volumes: [{ name: "host", hostPath: { path } }] });

const cases: Readonly<Record<string, Case>> = {
  "22 was open, now everything is": { ...open, to: group(door(0, 65535)), fresh: 1, standing: 0 },
  "another one beside it, in front": { ...open, to: group(door(0, 65535), door(22, 22)), fresh: 1, standing: 1 },
  "one without fault in front": { ...open, to: group(inside, door(22, 22)), fresh: 0, standing: 1 },
  "another order": {
    ...open,
    from: group(door(22, 22), inside),
    to: group(inside, door(22, 22)),
    fresh: 0,
    standing: 1,
  },
  "another source beside it": { ...open, to: group(door(22, 22, "10.0.0.0/8", "0.0.0.0/0")), fresh: 0, standing: 1 },
  "something else of it": { ...open, to: { ...group(door(22, 22)), tags: { a: "b" } }, fresh: 0, standing: 1 },
  "a rule that is a resource": {
    ...{ type: "rule", rule: "sg-open", from: { type: "ingress", ...door(22, 22) } },
    ...{ to: { type: "ingress", ...door(0, 65535) }, fresh: 1, standing: 0 },
  },
  "one action more in a statement": {
    ...{ type: "policy", rule: "iam-escalation", from: policy(allow(["iam:CreatePolicyVersion"])) },
    ...{ to: policy(allow(["iam:CreatePolicyVersion", "iam:AttachUserPolicy"])), fresh: 1, standing: 1 },
  },
  "statements in another order": {
    ...{ type: "policy", rule: "iam-no-service-admin", from: policy(allow("s3:*"), allow("logs:Get*")) },
    ...{ to: policy(allow("logs:Get*"), allow("s3:*")), fresh: 0, standing: 1 },
  },
  "containers in another order": {
    ...{ ...privileged, from: pod({ containers: [container("a", true), container("b", false)] }) },
    ...{ to: pod({ containers: [container("b", false), container("a", true)] }), fresh: 0, standing: 1 },
  },
  "another container in its place": {
    ...{ ...privileged, from: pod({ containers: [container("a", true)] }) },
    ...{ to: pod({ containers: [container("b", true)] }), fresh: 1, standing: 0 },
  },
  "another folder of the node": {
    ...{ type: "pod", rule: "k8s-volumes", from: pod(volume("/var/log")), to: pod(volume("/")), fresh: 1, standing: 0 },
  },
};

describe("failures of a change, and those of its base", () => {
  for (const [name, { type, rule, from, to, fresh, standing }] of Object.entries(cases))
    it(name, () => deepEqual(counted(rule, types[type], from, to), [fresh, standing]));

  it("are told by their place where an earlier version judged the base", () => {
    const base = plan(resource(types.group, "x", open.from));
    const withoutItems = ({ verdicts, ...rest }: PolicyReport) => ({
      ...rest,
      verdicts: verdicts.map(({ item: _, ...verdict }) => verdict),
    });
    const { standing } = failuresOf({
      plan: difference(base, base),
      policies: evaluatePlan(base, {}, today),
      policiesBefore: withoutItems(evaluatePlan(base, {}, today)),
    } as unknown as Review);
    deepEqual(standing.length, 1);
  });
});
