import type { Operation, Plan, PlanResource } from "../plan/plan";
import { groupBy } from "../../components/shared/group";
import { isChange } from "../review/changes";
import { componentFinder, componentLabel, shortType } from "../plan/urn";

/** Beyond this many boxes nobody can read the names at the width of a comment: components are drawn instead. */
const mostNodes = 24;

/**
 * A plan as a Mermaid flowchart: what changes when it is a difference, else everything. Arrows point
 * from what is needed to what needs it.
 */
export function mermaid(plan: Plan): string {
  const componentOf = componentFinder(plan);
  const real = plan.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  const changed = real.filter(({ operation }) => isChange(operation));
  const drawn = plan.source === "in-process" || changed.length === 0 ? real : changed;
  return drawn.length > mostNodes ? ofComponents(drawn, componentOf) : ofResources(drawn, componentOf);
}

function ofResources(drawn: readonly PlanResource[], componentOf: (resource: PlanResource) => PlanResource): string {
  const ids = new Map(drawn.map(({ urn }, index) => [urn, `r${index}`]));
  const groups = groupBy(drawn, componentOf);
  const lines = [...groups].flatMap(([component, resources], index) => {
    const nodes = resources.map((resource) =>
      node(ids.get(resource.urn)!, resource.operation, label(resource.name, shortType(resource.type))),
    );
    if (resources.length === 1 && resources[0] === component) return nodes;
    return [
      `  subgraph g${index}["${plain(component.name)}"]`,
      ...nodes.map((line) => `  ${line}`),
      "  end",
      `  class g${index} component`,
    ];
  });
  return chart(
    lines,
    edges(drawn, (urn) => ids.get(urn)),
  );
}

function ofComponents(drawn: readonly PlanResource[], componentOf: (resource: PlanResource) => PlanResource): string {
  const groups = groupBy(drawn, componentOf);
  const ids = new Map<string, string>();
  const lines = [...groups].map(([component, resources], index) => {
    for (const { urn } of resources) ids.set(urn, `c${index}`);
    const worst = worstOperation(resources);
    return node(`c${index}`, worst, label(component.name, contents(component, resources.length)));
  });
  return chart(
    lines,
    edges(drawn, (urn) => ids.get(urn)),
  );
}

function contents(component: PlanResource, count: number): string {
  const kind = componentLabel(component);
  const resources = count === 1 ? "1 resource" : `${count} resources`;
  return kind === component.name ? resources : `${kind}: ${resources}`;
}

function chart(nodes: readonly string[], arrows: readonly string[]): string {
  return ["flowchart LR", ...nodes, ...arrows, ...styles.map(([name, style]) => `  classDef ${name} ${style}`)].join(
    "\n",
  );
}

function node(id: string, operation: Operation, text: string): string {
  return `  ${id}["${text}"]${isChange(operation) ? `:::${operation}` : ""}`;
}

function edges(drawn: readonly PlanResource[], idOf: (urn: string) => string | undefined): string[] {
  const needs = new Map<string, Set<string>>();
  for (const { urn, dependencies } of drawn) {
    const id = idOf(urn);
    if (id === undefined) continue;
    const own = remember(needs, id);
    for (const needed of dependencies.map(idOf)) if (needed !== undefined && needed !== id) own.add(needed);
  }
  return withoutDetours(needs).map(([from, to]) => `  ${from} --> ${to}`);
}

/** Leaves an arrow out where a longer way says the same: nearly everything needs the network or the namespace. */
function withoutDetours(needs: ReadonlyMap<string, Set<string>>): [from: string, to: string][] {
  const reaches = (from: string, target: string, seen = new Set<string>()): boolean => {
    if (from === target) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(needs.get(from) ?? [])].some((next) => reaches(next, target, seen));
  };
  for (const [id, direct] of needs) {
    for (const needed of [...direct]) {
      direct.delete(needed);
      if (!reaches(id, needed)) direct.add(needed);
    }
  }
  return [...needs].flatMap(([to, direct]) => [...direct].map((from): [string, string] => [from, to]));
}

function remember(needs: Map<string, Set<string>>, id: string): Set<string> {
  const known = needs.get(id) ?? new Set<string>();
  needs.set(id, known);
  return known;
}

const gravest: readonly Operation[] = ["delete", "replace", "update", "import", "create", "same"];

function worstOperation(resources: readonly PlanResource[]): Operation {
  return gravest.find((operation) => resources.some((resource) => resource.operation === operation)) ?? "same";
}

/** Readable on a light and on a dark page: strong borders, and text that does not inherit. */
const styles = [
  ["create", "fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c"],
  ["update", "fill:#fff8c5,stroke:#9a6700,color:#3b2300"],
  ["replace", "fill:#ffe2d5,stroke:#bc4c00,color:#471700,stroke-width:3px"],
  ["delete", "fill:#ffebe9,stroke:#cf222e,color:#4c0b12,stroke-width:3px,stroke-dasharray:4"],
  ["import", "fill:#ddf4ff,stroke:#0969da,color:#0a3069"],
  ["component", "fill:#818b981f,stroke:#818b98"],
] as const;

function label(name: string, kind: string): string {
  return `${plain(name)}<br/><small>${plain(kind)}</small>`;
}

/** Letters, digits and a few harmless signs: nothing here can end a label, a fence or start a tag. */
function plain(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} _.,/:*+-]/gu, "·");
  return safe.length > 48 ? `${safe.slice(0, 47)}…` : safe;
}
