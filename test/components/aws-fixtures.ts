import * as pulumi from "@pulumi/pulumi";
import type { AwsNetwork } from "../../components/network/contract";
import type { Plan, PlanResource, PlanValue } from "../../tools/plan/plan";
import { type Statement } from "../../components/shared/aws-policy-document";
import { isUnknown } from "../../tools/plan/plan";

/** A network that exists already, with names that tell where a subnet was used. */
export const network: AwsNetwork = {
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: ["public-1", "public-2"].map((id) => pulumi.output(id)),
  privateSubnetIds: ["private-1", "private-2"].map((id) => pulumi.output(id)),
  isolatedSubnetIds: ["isolated-1", "isolated-2"].map((id) => pulumi.output(id)),
  applicationSecurityGroupId: pulumi.output("sg-application"),
};

/** What database and cache are told of it. */
export const inside = {
  vpcId: "vpc-1",
  subnetIds: ["isolated-1", "isolated-2"],
  clientSecurityGroupIds: ["sg-application"],
};

export const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1";

/** A JSON document among the inputs, with `{n}` where something is not known yet. */
export function json<T>(value: PlanValue | undefined): T {
  const text = isUnknown(value) ? value.template : value;
  if (typeof text !== "string") throw new Error(`expected a JSON document, found ${JSON.stringify(value)}`);
  return JSON.parse(text) as T;
}

export function statements(policy: PlanResource): Statement[] {
  return json<{ Statement: Statement[] }>(policy.inputs["policy"]).Statement;
}

/** Output of a resource, as another resource's input shows it. */
export function output(resource: PlanResource, property: string): PlanValue {
  return { $unknown: [`${resource.urn}#${property}`] };
}

/** Resources that hang on nothing: every child of a component must have it as its parent. */
export function orphans(plan: Plan): string[] {
  const stack = plan.resources[0]!.urn;
  return plan.resources
    .filter(({ custom, parent, type }) => custom && !type.startsWith("pulumi:") && parent === stack)
    .map(({ urn }) => urn);
}

/** Records each variant once: plans do not change, and most tests look at the same one. */
export function once<Args>(run: (args?: Args) => Promise<Plan>): (args?: Args) => Promise<Plan> {
  const plans = new Map<string, Promise<Plan>>();
  return (args) => {
    const variant = JSON.stringify(args, (_, value: unknown) => (value === undefined ? "absent" : value)) ?? "";
    const plan = plans.get(variant) ?? run(args);
    plans.set(variant, plan);
    return plan;
  };
}
