import type { Resource } from "../../resource";
import { append, type Stack, type TypeMatcher } from "../../stack";
import { NotKnown, type Value } from "../../value";
import { kindOf, namespaceOf, podTemplate } from "./types";

/** Objects of these types, in the namespace of the workload, whose selector picks its pods. */
export function selecting(
  workload: Resource,
  selector: string,
  stack: Stack,
  ...types: readonly TypeMatcher[]
): Resource[] {
  return decided(
    near(workload, stack, ...types).map((candidate) => ({
      candidate,
      picks: () => sameNamespace(candidate, workload) && picks(candidate.get("spec", selector), podTemplate(workload)),
    })),
  );
}

/** Objects of these types that scale or watch the workload by name. */
export function targeting(
  workload: Resource,
  reference: string,
  stack: Stack,
  ...types: readonly TypeMatcher[]
): Resource[] {
  return decided(
    near(workload, stack, ...types).map((candidate) => ({
      candidate,
      picks: () => {
        const target = candidate.get("spec", reference);
        if (target.get("kind").present && !target.get("kind").is(kindOf(workload))) return false;
        if (candidate.references.spec?.includes(workload.urn)) return true;
        return sameNamespace(candidate, workload) && target.get("name").sameAs(workload.get("metadata", "name"));
      },
    })),
  );
}

interface Namespaces {
  readonly known: ReadonlyMap<string, readonly Resource[]>;
  /** Those of which the namespace is not known, or not in full. */
  readonly open: readonly Resource[];
  /** By the URNs that their spec comes from. */
  readonly referring: ReadonlyMap<string, readonly Resource[]>;
}

const indexes = new WeakMap<Stack, Map<string, Namespaces>>();

/** Objects of these types that are, or may be, in the namespace of a resource, or come from it: not all, for each anew. */
export function near(resource: Resource, stack: Stack, ...types: readonly TypeMatcher[]): readonly Resource[] {
  const namespace = knownNamespace(resource);
  if (namespace === undefined) return stack.ofType(...types);
  const byTypes = indexes.get(stack) ?? new Map<string, Namespaces>();
  indexes.set(stack, byTypes);
  const index = byTypes.get(types.join()) ?? byNamespace(stack.ofType(...types));
  byTypes.set(types.join(), index);
  return [
    ...new Set([...(index.known.get(namespace) ?? []), ...index.open, ...(index.referring.get(resource.urn) ?? [])]),
  ];
}

function byNamespace(resources: readonly Resource[]): Namespaces {
  const known = new Map<string, Resource[]>();
  const referring = new Map<string, Resource[]>();
  const open: Resource[] = [];
  for (const resource of resources) {
    const namespace = knownNamespace(resource);
    if (namespace === undefined) open.push(resource);
    else append(known, namespace, resource);
    for (const urn of new Set(resource.references.spec)) append(referring, urn, resource);
  }
  return { known, open, referring };
}

function knownNamespace(resource: Resource): string | undefined {
  const { present, raw } = namespaceOf(resource);
  if (!present) return "default";
  return typeof raw === "string" ? raw : undefined;
}

export function sameNamespace(one: Resource, other: Resource): boolean {
  const [mine, theirs] = [namespaceOf(one), namespaceOf(other)];
  if (!mine.present || !theirs.present)
    return (mine.present ? mine : theirs).is("default") || !(mine.present || theirs.present);
  return mine.sameAs(theirs);
}

/** Those that surely are meant; if there is none, what kept a candidate from being judged is the answer. */
function decided(candidates: readonly { candidate: Resource; picks: () => boolean }[]): Resource[] {
  let open: NotKnown | undefined;
  const sure = candidates.filter(({ picks: test }) => {
    try {
      return test();
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      open = error;
      return false;
    }
  });
  if (sure.length === 0 && open) throw open;
  return sure.map(({ candidate }) => candidate);
}

/** Whether a label selector picks pods of this template. An empty selector picks all. */
function picks(selector: Value, template: Value): boolean {
  const labels = template.get("metadata", "labels");
  const byName = selector
    .get("matchLabels")
    .entries()
    .every(([key, wanted]) => wanted.sameAs(labels.get(key)));
  return (
    byName &&
    selector
      .get("matchExpressions")
      .items()
      .every((expression) => satisfies(expression, labels))
  );
}

function satisfies(expression: Value, labels: Value): boolean {
  const label = labels.get(expression.get("key").string() ?? "");
  const listed = () =>
    expression
      .get("values")
      .items()
      .some((value) => value.sameAs(label));
  switch (expression.get("operator").string()) {
    case "Exists":
      return label.present;
    case "DoesNotExist":
      return !label.present;
    case "NotIn":
      return !listed();
    default:
      return listed();
  }
}
