import { isChange } from "../../review/changes";
import { componentFinder, componentLabel } from "../../plan/urn";
import { customResources, type Operation, type Plan, type PlanResource } from "../../plan/plan";

/** Components as boxes in columns, each to the right of all that it needs. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

interface Box {
  readonly urn: string;
  readonly title: string;
  readonly subtitle: string;
  readonly operation: Operation;
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly from: string;
  readonly to: string;
}

const box = { width: 176, height: 52, gapX: 76, gapY: 18, margin: 16 } as const;

/** Undefined when there is nothing to connect: the engine's events, for one, tell no dependencies. */
export function draw(plan: Plan): Drawing | undefined {
  const componentOf = componentFinder(plan);
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const members = new Map<PlanResource, PlanResource[]>();
  const needs = new Map<PlanResource, Set<PlanResource>>();
  for (const resource of customResources(plan)) {
    const component = componentOf(resource);
    members.set(component, [...(members.get(component) ?? []), resource]);
    const needed = needs.get(component) ?? new Set();
    needs.set(component, needed);
    for (const urn of resource.dependencies) {
      const other = byUrn.get(urn);
      if (other && other.type !== "pulumi:pulumi:Stack" && componentOf(other) !== component)
        needed.add(componentOf(other));
    }
  }
  if (![...needs.values()].some(({ size }) => size > 0)) return undefined;

  const columns = intoColumns([...members.keys()], needs);
  const tallest = Math.max(...columns.map(({ length }) => length));
  const step = { x: box.width + box.gapX, y: box.height + box.gapY };
  const boxes = columns.flatMap((column, x) =>
    column.map((component, y) => ({
      urn: component.urn,
      title: component.name,
      subtitle: `${componentLabel(component)} · ${members.get(component)!.length}`,
      operation: worst(members.get(component)!),
      x: box.margin + x * step.x,
      y: box.margin + (y + (tallest - column.length) / 2) * step.y,
    })),
  );
  const lines = [...needs].flatMap(([component, needed]) =>
    [...needed].filter((other) => members.has(other)).map((other) => ({ from: other.urn, to: component.urn })),
  );
  return {
    width: columns.length * step.x - box.gapX + 2 * box.margin,
    height: tallest * step.y - box.gapY + 2 * box.margin,
    boxes,
    lines,
  };
}

/** Longest path first; components that need each other in a circle stay where they are first met. */
function intoColumns(
  components: readonly PlanResource[],
  needs: ReadonlyMap<PlanResource, ReadonlySet<PlanResource>>,
): PlanResource[][] {
  const column = new Map<PlanResource, number>();
  const place = (component: PlanResource, above: ReadonlySet<PlanResource>): number => {
    const known = column.get(component);
    if (known !== undefined) return known;
    if (above.has(component)) return -1;
    const within = new Set([...above, component]);
    const own = 1 + Math.max(-1, ...[...(needs.get(component) ?? [])].map((needed) => place(needed, within)));
    column.set(component, own);
    return own;
  };
  const columns: PlanResource[][] = [];
  for (const component of components) (columns[place(component, new Set())] ??= []).push(component);
  return Array.from(columns, (members) => members ?? []);
}

const gravest: readonly Operation[] = ["delete", "replace", "update", "import", "create"];

function worst(resources: readonly PlanResource[]): Operation {
  const changed = resources.filter(({ operation }) => isChange(operation));
  return gravest.find((operation) => changed.some((resource) => resource.operation === operation)) ?? "same";
}
