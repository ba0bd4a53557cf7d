import { isUnknown, type PlanValue } from "../../tools/plan/plan";

export const account = "111122223333";

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly [other: string]: unknown;
}
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface Question {
  /** Name of the role. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly policy: Policy;
  /** Context of the request. @default {} */
  readonly context?: Readonly<Record<string, string>>;
  /** Of the key that the action is about: a key is opened by its own policy too. */
  readonly keyPolicy: object;
}
export type Evaluator = (question: Question) => Promise<boolean>;

type Simulate = (
  simulation: object,
  options: object,
) => Promise<{ readonly overallResult?: string; readonly errors?: unknown }>;

/**
 * Whether a role of the account may do something, by @cloud-copilot/iam-simulate. `Discovery` takes a condition on what the
 * question does not say as met; `Strict` takes it as not met.
 */
export function evaluator(tools: string, simulationMode: "Discovery" | "Strict"): Evaluator {
  const { runSimulation } = require(require.resolve("@cloud-copilot/iam-simulate", { paths: [tools] })) as {
    runSimulation: Simulate;
  };
  return async ({ role, action, resource, policy, context = {}, keyPolicy }) => {
    const { errors, overallResult } = await runSimulation(
      {
        request: {
          principal: `arn:aws:sts::${account}:assumed-role/${role}/session`,
          action,
          resource: { resource, accountId: account },
          contextVariables: context,
        },
        identityPolicies: [{ name: role, policy }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(action.startsWith("kms:") ? { resourcePolicy: keyPolicy } : {}),
      },
      { simulationMode },
    );
    if (errors !== undefined) throw new Error(`${role} ${action} ${resource}: ${JSON.stringify(errors)}`);
    return overallResult === "Allowed";
  };
}

/** A policy of a plan, with what outputs will be like in the places of those that are not known yet. */
export function policyIn(value: PlanValue | undefined, outputLike: (source: string) => string): Policy {
  const text = isUnknown(value)
    ? value.template!.replace(/\{(\d+)\}/g, (_, index: string) => outputLike(value.$unknown[Number(index)]!))
    : (value as string);
  return JSON.parse(text) as Policy;
}

/** Policies by owner, the statements of those that have one owner together. */
export function policiesBy(owned: Iterable<readonly [owner: string, policy: Policy]>): Map<string, Policy> {
  const found = new Map<string, Policy>();
  for (const [owner, { Version, Statement }] of owned)
    found.set(owner, { Version, Statement: [...(found.get(owner)?.Statement ?? []), ...Statement] });
  return found;
}
