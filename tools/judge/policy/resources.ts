import { Resource, Secret, Unknown } from "../../../policy/index";
import { isSecret, isUnknown, type Plan, type PlanResource, type PlanValue } from "../../plan/plan";

/** The resources of a plan as rules see them. What the plan deletes is judged no more. */
export function toResources(plan: Plan): Resource[] {
  return plan.resources
    .filter(({ operation }) => operation !== "delete")
    .flatMap(withItems)
    .map(toResource);
}

/** `kubernetes:core/v1:ConfigMapList` holds objects that nobody registers by themselves. */
function withItems(resource: PlanResource): PlanResource[] {
  const { items } = resource.inputs;
  const kind = /^(kubernetes:.*)List$/.exec(resource.type)?.[1];
  if (kind === undefined || !Array.isArray(items)) return [resource];
  return [
    resource,
    ...(items as readonly PlanValue[]).flatMap((item) => {
      if (typeof item !== "object" || item === null || Array.isArray(item) || isSecret(item) || isUnknown(item))
        return [];
      const inputs = item as PlanResource["inputs"];
      return [{ ...resource, type: typeOf(inputs) ?? kind, inputs, outputs: inputs }];
    }),
  ];
}

/** Of a List of anything, each item says what it is. */
function typeOf({ apiVersion, kind }: PlanResource["inputs"]): string | undefined {
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

function toResource({
  urn,
  type,
  name,
  parent,
  inputs,
  outputs,
  propertyDependencies,
  options,
}: PlanResource): Resource {
  return new Resource({
    urn,
    type,
    name,
    parent,
    properties: toRecord(inputs),
    outputs: toRecord(outputs),
    references: propertyDependencies,
    protect: options.protect,
    timeouts: options.customTimeouts,
  });
}

function toRecord(values: Readonly<Record<string, PlanValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toRaw(value)]));
}

function toRaw(value: PlanValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return new Secret();
  if (isUnknown(value)) return new Unknown(value.$unknown, value.template);
  if (Array.isArray(value)) return value.map(toRaw);
  return toRecord(value as Readonly<Record<string, PlanValue>>);
}
