import type { Plan, PlanResource } from "../plan/plan";
import { groupBy } from "../../components/shared/group";
import { parseUrn } from "../plan/urn";

export interface Rename {
  readonly before: PlanResource;
  readonly after: PlanResource;
  /** The option that keeps it, in TypeScript: `aliases: [{ name: "db" }]`. */
  readonly alias: string;
}

/** As much of two resources has to be the same for one to be the other's new name. */
const similar = 0.8;

/**
 * What goes and comes again under another name or parent: with an alias it would be the same resource. Of a component the
 * children follow, so it alone is named.
 */
export function renames(plan: Plan): readonly Rename[] {
  const [gone, fresh] = [ofOperation(plan, "delete"), ofOperation(plan, "create")];
  if (gone.length === 0 || fresh.length === 0) return [];
  const children = groupBy(plan.resources, ({ parent = "" }) => parent);
  const freshOfType = groupBy(fresh, ({ type }) => type);
  const taken = new Set<string>();
  const followed = new Set<string>();
  const found: Rename[] = [];
  for (const before of gone) {
    if (followed.has(before.parent ?? "")) {
      followed.add(before.urn);
      continue;
    }
    const candidates = (freshOfType.get(before.type) ?? [])
      .filter(({ urn }) => !taken.has(urn))
      .map((after) => ({ after, score: score(before, after, children) }))
      .filter((candidate) => candidate.score >= similar)
      .sort((a, b) => b.score - a.score);
    const [best, next] = candidates;
    // Two that are as like it are a guess.
    if (!best || best.score === next?.score) continue;
    taken.add(best.after.urn);
    followed.add(before.urn);
    found.push({ before, after: best.after, alias: aliasOf(before, best.after) });
  }
  return found;
}

/** Parents first, as registered. The plan leaves out the operation of a component that is new, and says it of its members. */
function ofOperation({ resources }: Plan, operation: "create" | "delete"): PlanResource[] {
  return resources.filter((resource) => resource.operation === operation && !resource.type.startsWith("pulumi:"));
}

function score(
  before: PlanResource,
  after: PlanResource,
  children: ReadonlyMap<string, readonly PlanResource[]>,
): number {
  const same = before.custom
    ? sameInputs(before, after)
    : sameMembers(children.get(before.urn) ?? [], children.get(after.urn) ?? []);
  // Its name is what people call it by: the same one elsewhere is likely the same thing.
  const named = before.name === after.name ? 0.3 : 0;
  return before.parent === after.parent || named > 0 ? same + named : 0;
}

function sameInputs({ inputs: left }: PlanResource, { inputs: right }: PlanResource): number {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => !identifying.test(name));
  if (names.length === 0) return similar;
  const same = names.filter((name) => JSON.stringify(left[name]) === JSON.stringify(right[name]));
  return same.length / names.length;
}

/** Inputs that follow the resource's own name. */
const identifying = /^(tags|tagsAll|name|namePrefix|bucket|identifier|metadata|finalSnapshotIdentifier)$/;

function sameMembers(left: readonly PlanResource[], right: readonly PlanResource[]): number {
  const types = (members: readonly PlanResource[]) => members.map(({ type }) => type).sort();
  const [old, now] = [types(left), types(right)];
  if (old.length === 0 && now.length === 0) return similar;
  const rest = [...now];
  const both = old.filter((type) => {
    const at = rest.indexOf(type);
    return at >= 0 && rest.splice(at, 1).length > 0;
  });
  return both.length / Math.max(old.length, now.length);
}

function aliasOf(before: PlanResource, after: PlanResource): string {
  if (before.parent === after.parent) return `aliases: [{ name: ${JSON.stringify(before.name)} }]`;
  const { prefix, types, name } = parseUrn(before.urn);
  const project = prefix.split("::")[1];
  // The stack is another one in each stack.
  return `aliases: [\`urn:pulumi:\${pulumi.getStack()}::${project}::${types.join("$")}::${name}\`]`;
}
