import type { Plan, PlanResource } from "./plan";

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` taken apart. */
export interface Urn {
  readonly prefix: string;
  /** Types of the ancestors and of the resource itself, outermost first. */
  readonly types: readonly string[];
  readonly name: string;
}

export function parseUrn(urn: string): Urn {
  const [stack = "", project = "", types = "", ...name] = urn.split("::");
  return { prefix: `${stack}::${project}`, types: types.split("$"), name: name.join("::") };
}

export function formatUrn({ prefix, types, name }: Urn): string {
  return `${prefix}::${types.join("$")}::${name}`;
}

/** Finds the top-level component that a resource belongs to; the resource itself when it has none. */
export function componentFinder(plan: Plan): (resource: PlanResource) => PlanResource {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  return function componentOf(resource: PlanResource): PlanResource {
    const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
    return parent === undefined || parent.type === "pulumi:pulumi:Stack" ? resource : componentOf(parent);
  };
}

/** What a person calls a component: `database` of `slipway:database:AwsRdsPostgres`. Others keep their type's last word. */
export function componentLabel({ type }: PlanResource): string {
  const [scope, concern, kind = type] = type.split(":");
  return scope === "slipway" && concern ? concern : kind;
}

/** `Instance` of `aws:rds/instance:Instance`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** `rds Instance` of `aws:rds/instance:Instance`, `Deployment` of `kubernetes:apps/v1:Deployment`: the service tells one Instance from another. */
export function typeLabel(type: string): string {
  const [provider = "", module = ""] = type.split(":");
  const service = module.split("/")[0]!;
  if (provider === "kubernetes" || service === "" || service === "index") return shortType(type);
  return `${service} ${shortType(type)}`;
}

/** What a person calls a resource: `database/primary`, its component and what its name adds to that one's. */
export function resourceLabel(resource: PlanResource, componentOf: (resource: PlanResource) => PlanResource): string {
  const component = componentOf(resource);
  if (component.name === resource.name) return resource.name;
  const prefix = `${component.name}-`;
  return `${component.name}/${resource.name.startsWith(prefix) ? resource.name.slice(prefix.length) : resource.name}`;
}
