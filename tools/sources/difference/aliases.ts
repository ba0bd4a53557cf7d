import type { Plan } from "../../plan/plan";
import { formatUrn, parseUrn, type Urn } from "../../plan/urn";

/**
 * The URNs that each resource may have had before: by its own aliases, and by those of its parent, as
 * the engine derives them. A child whose name begins with its parent's follows the parent's old name.
 */
export function previousUrns(plan: Plan): Map<string, readonly string[]> {
  const previous = new Map<string, readonly string[]>();
  for (const { urn, parent, options } of plan.resources) {
    const own = (options.aliases ?? []).map((alias) => resolve(alias, urn));
    const inherited = (parent === undefined ? [] : (previous.get(parent) ?? [])).flatMap((oldParent) =>
      [urn, ...own].map((child) => underParent(parseUrn(child), parseUrn(parent!), parseUrn(oldParent))),
    );
    if (own.length + inherited.length > 0) previous.set(urn, [...new Set([...own, ...inherited])]);
  }
  return previous;
}

function resolve(alias: string, urn: string): string {
  return alias.startsWith("urn:") ? alias : formatUrn({ ...parseUrn(urn), name: alias });
}

function underParent(child: Urn, parent: Urn, oldParent: Urn): string {
  const name = child.name.startsWith(parent.name) ? oldParent.name + child.name.slice(parent.name.length) : child.name;
  return formatUrn({ prefix: oldParent.prefix, types: [...oldParent.types, child.types.at(-1)!], name });
}
