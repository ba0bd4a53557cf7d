import { isCreated, type Operation, type Plan, type PlanResource } from "../plan/plan";
import { groupBy } from "../../components/shared/group";
import {
  graveness,
  isRead,
  isRevision,
  mayHoldData,
  whatIsLost,
  whatItHolds,
  whatOutlives,
} from "../judge/losses/stateful";
import { componentFinder } from "../plan/urn";

/** What a plan does, counted over the resources that a provider would really touch. */
export interface Summary {
  readonly counts: Readonly<Record<Change, number>>;
  /** Everything that is deleted or replaced: what holds data first. */
  readonly destroyed: readonly Destroyed[];
  /** Changed resources by top-level component, in the order of the plan. */
  readonly components: readonly ComponentChanges[];
}

export type Change = "create" | "update" | "replace" | "delete" | "import";
export const changes: readonly Change[] = ["create", "update", "replace", "delete", "import"];

export interface Destroyed {
  readonly resource: PlanResource;
  /** What is gone for good. Absent when nothing of value is, or when the cloud keeps the resource. */
  readonly lost?: string;
  /** What stays in the cloud, no longer managed: with a resource that is kept, or after one that goes. */
  readonly leftBehind?: string;
  /** Of a provider that is not known here, with a name as of things that hold data. */
  readonly mayHoldData: boolean;
  /** It holds data, and one without takes its place: what reads it starts on an empty one. */
  readonly startsEmpty: boolean;
  /** `pulumi up` refuses, because the resource is protected. */
  readonly refused: boolean;
  /** The resource stays in the cloud and is no longer managed. */
  readonly retained: boolean;
  /** Every release replaces it: the old one is only an older revision. */
  readonly routine: boolean;
}

export interface ComponentChanges {
  readonly component: PlanResource;
  readonly counts: Readonly<Record<Change, number>>;
  readonly resources: readonly PlanResource[];
}

export function summarize(plan: Plan): Summary {
  const componentOf = componentFinder(plan);
  const changed = plan.resources.filter((resource) => isCreated(resource) && isChange(resource.operation));
  const byComponent = groupBy(changed, componentOf);
  const created = new Set(changed.filter(({ operation }) => operation === "create").map(({ type }) => type));
  return {
    counts: count(changed),
    destroyed: changed
      .filter(({ operation }) => operation === "delete" || operation === "replace")
      .map((resource) => destroyed(resource, created))
      .sort((a, b) => rank(a) - rank(b)),
    components: [...byComponent].map(([component, resources]) => ({ component, counts: count(resources), resources })),
  };
}

export function isChange(operation: Operation): operation is Change {
  return (changes as readonly Operation[]).includes(operation);
}

/** The changes that make the provider replace the resource. */
export function causesOfReplacement({ changes = [] }: PlanResource) {
  return changes.filter(({ forcesReplacement }) => forcesReplacement);
}

function destroyed(resource: PlanResource, created: ReadonlySet<string>): Destroyed {
  const retained = resource.options.retainOnDelete === true;
  const routine = resource.operation === "replace" && isRevision(resource);
  const holds = whatIsLost(resource);
  const outlives = takesUpAgain(resource) ? undefined : whatOutlives(resource);
  const another = resource.operation === "replace" || created.has(resource.type);
  return {
    resource,
    lost: retained ? undefined : holds,
    leftBehind: retained ? (whatItHolds(resource) ?? outlives) : outlives,
    mayHoldData: mayHoldData(resource),
    startsEmpty: (holds !== undefined || outlives !== undefined) && isRead(resource) && !routine && another,
    refused: resource.options.protect === true,
    retained,
    routine,
  };
}

/** One of the same name finds what the one before it left. */
function takesUpAgain({ operation, changes = [] }: PlanResource): boolean {
  const other = /^(metadata\.(name|namespace)|provider\.)|^spec\.volumeClaimTemplates.*\.metadata\.name$/;
  return operation === "replace" && !changes.some(({ path }) => other.test(path));
}

/** What is lost, by how grave that is; then what starts empty or is left behind; then the rest. */
function rank({ lost, startsEmpty, leftBehind, resource }: Destroyed): number {
  const group = lost !== undefined ? 0 : startsEmpty ? 1 : leftBehind !== undefined ? 2 : 3;
  return group * 1000 + graveness(resource);
}

function count(resources: readonly PlanResource[]): Record<Change, number> {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, import: 0 };
  for (const { operation } of resources) if (isChange(operation)) counts[operation]++;
  return counts;
}
