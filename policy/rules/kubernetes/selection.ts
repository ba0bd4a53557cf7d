import type { Resource } from "../../resource";
import type { Stack, TypeMatcher } from "../../stack";
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
    stack.ofType(...types).map((candidate) => ({
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
    stack.ofType(...types).map((candidate) => ({
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
