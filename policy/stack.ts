import type { Resource } from "./resource";
import { NotKnown, Unknown } from "./value";

/** A type token, or a pattern for a family of them. */
export type TypeMatcher = string | RegExp;

export function matchesType(type: string, matchers: readonly TypeMatcher[]): boolean {
  return matchers.some((matcher) => (typeof matcher === "string" ? matcher === type : matcher.test(type)));
}

/** What refers to a resource: surely, or possibly, because the reference is not known yet. */
export interface Referring {
  readonly certain: readonly Resource[];
  readonly possible: readonly Resource[];
}

interface ReferenceIndex {
  readonly byTarget: ReadonlyMap<string, readonly Resource[]>;
  readonly possible: readonly Resource[];
}

/**
 * Everything a stack holds, indexed once and shared by all rules: by type, and by who refers to
 * whom. Each question costs what it answers, not another walk over the stack.
 */
export class Stack {
  private readonly types = new Map<string, Resource[]>();
  private readonly selections = new Map<string, readonly Resource[]>();
  private readonly references = new Map<string, ReferenceIndex>();
  private identities: Map<string, string[]> | undefined;

  constructor(readonly resources: readonly Resource[]) {
    for (const resource of resources) append(this.types, resource.type, resource);
  }

  /** Resources of these types, in the order of registration within each type. */
  ofType(...matchers: readonly TypeMatcher[]): readonly Resource[] {
    return remember(this.selections, matchers.join(), () =>
      [...this.types].flatMap(([type, resources]) => (matchesType(type, matchers) ? resources : [])),
    );
  }

  /** Resources of these types whose `property` names `target`. */
  referring(target: Resource, property: string, ...matchers: readonly TypeMatcher[]): Referring {
    const index = remember(this.references, `${property} ${matchers.join()}`, () => this.index(property, matchers));
    return { certain: index.byTarget.get(target.urn) ?? [], possible: index.possible };
  }

  /** The same, for a rule that only asks whether there is one: no certain answer is an error that names what it lacks. */
  attached(target: Resource, property: string, ...matchers: readonly TypeMatcher[]): readonly Resource[] {
    const { certain, possible } = this.referring(target, property, ...matchers);
    const [candidate] = possible;
    if (certain.length === 0 && candidate) throw new NotKnown(`${property} of ${candidate.name}`, "unknown");
    return certain;
  }

  /** Whether `property` of one resource surely names the other. */
  names(resource: Resource, property: string, target: Resource): boolean {
    return this.targets(resource, property)?.has(target.urn) ?? false;
  }

  private index(property: string, matchers: readonly TypeMatcher[]): ReferenceIndex {
    const byTarget = new Map<string, Resource[]>();
    const possible: Resource[] = [];
    for (const resource of this.ofType(...matchers)) {
      const targets = this.targets(resource, property);
      if (targets === undefined) possible.push(resource);
      for (const urn of targets ?? []) append(byTarget, urn, resource);
    }
    return { byTarget, possible };
  }

  /** URNs that a property names, or undefined when that is unknown. */
  private targets(resource: Resource, property: string): ReadonlySet<string> | undefined {
    const value = resource.get(property);
    const urns = new Set(resource.references[property]);
    if (value.raw instanceof Unknown) {
      for (const source of value.raw.sources) urns.add(source.slice(0, source.lastIndexOf("#")));
      return urns.size > 0 ? urns : undefined;
    }
    const name = typeof value.raw === "string" ? value.raw : undefined;
    for (const urn of (name && this.named().get(name)) || []) urns.add(urn);
    return urns;
  }

  private named(): Map<string, string[]> {
    if (!this.identities) {
      this.identities = new Map();
      for (const resource of this.resources) {
        for (const identity of resource.identities()) append(this.identities, identity, resource.urn);
      }
    }
    return this.identities;
  }
}

export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function remember<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
