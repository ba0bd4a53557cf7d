import type { Operation, Plan, PlanResource } from "../plan/plan";
import { groupBy } from "./group";
import { isChange } from "./summary";
import { componentFinder, componentLabel, shortType } from "./urn";

/** Beyond this many nodes a graph is a hairball, and GitHub gives up at 500 edges: components are drawn instead. */
const mostNodes = 60;

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
    return [`  subgraph g${index}["${plain(component.name)}"]`, ...nodes.map((line) => `  ${line}`), "  end"];
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
    return node(
      `c${index}`,
      worst,
      label(component.name, `${componentLabel(component)}: ${resources.length} resources`),
    );
  });
  return chart(
    lines,
    edges(drawn, (urn) => ids.get(urn)),
  );
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
  const arrows = drawn.flatMap(({ urn, dependencies }) =>
    dependencies.map((needed) => [idOf(needed), idOf(urn)] as const).filter(([from, to]) => from && to && from !== to),
  );
  return [...new Set(arrows.map(([from, to]) => `  ${from} --> ${to}`))];
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
] as const;

function label(name: string, kind: string): string {
  return `${plain(name)}<br/><small>${plain(kind)}</small>`;
}

/** Letters, digits and a few harmless signs: nothing here can end a label, a fence or start a tag. */
function plain(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} _.,/:*+-]/gu, "·");
  return safe.length > 48 ? `${safe.slice(0, 47)}…` : safe;
}
