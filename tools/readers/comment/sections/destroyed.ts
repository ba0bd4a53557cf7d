import { causesOfReplacement, summarize, type Destroyed } from "../../../review/changes";
import { lossOf, startsEmpty } from "../../../review/losses";
import { follows, rootCause } from "../../../review/highlights";
import { groupBy } from "../../../../components/shared/group";
import { typeLabel } from "../../../plan/urn";
import { formatValue } from "../../../plan/values";
import type { Plan, PlanResource, PropertyChange } from "../../../plan/plan";
import { code, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

/** Never folded: the person who merges has to have seen it. */
export const destroyed: SectionOf = ({ plan, failure }) => {
  if (!plan || failure?.kind === "base") return undefined;
  const all = summarize(plan).destroyed;
  const label = labels(plan);
  const routine = all.filter((one) => one.routine && one.lost === undefined);
  const grave = all.filter((one) => !routine.includes(one));
  if (all.length === 0) return undefined;

  const asTable = (most: number, causes: number) =>
    grave.length === 0
      ? ""
      : table(
          ["Destroyed or replaced", "why", "what is lost"],
          limited(rows(grave, label, plan, causes), most, (missing) => [`… and ${missing} more`, "", ""]),
        );
  const revisions = (most: number) =>
    routine.length === 0
      ? ""
      : `New revisions, as with every release: ${limited(
          routine.map(({ resource }) => label(resource.urn)),
          most,
          (missing) => `${missing} more`,
        ).join(", ")}.`;
  return {
    name: "some of what is destroyed or replaced",
    sizes: (
      [
        [200, 8, 20],
        [60, 3, 10],
        [20, 1, 3],
      ] as const
    ).map(([rows, causes, names]) =>
      [asTable(rows, causes), revisions(names)].filter((part) => part !== "").join("\n\n"),
    ),
  };
};

/** What holds data has a row of its own; the rest is one row for all that follow from one cause. */
function rows(
  destroyed: readonly Destroyed[],
  label: (urn: string) => string,
  plan: Plan,
  causes: number,
): (readonly string[])[] {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const groupOf = ({ resource, lost, leftBehind, refused, retained, mayHoldData }: Destroyed) => {
    if (lost !== undefined || leftBehind !== undefined || refused || retained || mayHoldData) return resource.urn;
    if (resource.operation === "delete") return `deleted with ${resource.parent}`;
    return rootCause(resource, byUrn);
  };
  return [...groupBy(destroyed, groupOf)].flatMap(([, members]) => {
    const [first, ...others] = members;
    if (!first || others.length < 3) {
      return members.map((one) => [label(one.resource.urn), why(one.resource, causes), loss(one)]);
    }
    const head = members.find(({ resource }) => !causesOfReplacement(resource).every(follows)) ?? first;
    const types = [
      ...groupBy(
        members.filter((one) => one !== head),
        ({ resource }) => typeLabel(resource.type),
      ),
    ];
    const counted = limited(
      types.map(([type, own]) => `${own.length} ${prose(type, 60)}`),
      6,
      (missing) => `${missing} more kinds`,
    );
    const and = `${label(head.resource.urn)} and ${others.length} more for the same reason: ${counted.join(", ")}`;
    return [[and, why(head.resource, causes), "no data"]];
  });
}

function why(resource: PlanResource, most: number): string {
  if (resource.operation === "delete") return "no longer in the program";
  const causes = limited(causesOfReplacement(resource).map(cause), most, (missing) => `${missing} more`);
  return causes.length === 0 ? "the provider cannot change it in place" : causes.join("<br>");
}

function cause(change: PropertyChange): string {
  const { path, kind, before, after } = change;
  const [old, now] = [formatValue(before, 40), formatValue(after, 40)];
  if (kind === "add") return `${code(path, 60)} is set to ${code(now)}`;
  if (kind === "delete") return `${code(path, 60)} ${code(old)} is removed`;
  return follows(change) ? `${code(path, 60)} follows ${code(old)}` : `${code(path, 60)} ${code(old)} → ${code(now)}`;
}

function loss(one: Destroyed): string {
  const { resource, lost, leftBehind, mayHoldData } = one;
  const guard = one.refused ? "protected: `pulumi up` refuses" : "";
  const gap =
    resource.options.deleteBeforeReplace && resource.operation === "replace" ? "gone until its successor is up" : "";
  const empty = one.startsEmpty ? `**${startsEmpty}**` : "";
  // The column is called "what is lost".
  const what = prose(lost ?? lossOf(one));
  const grave = lost !== undefined || leftBehind !== undefined || mayHoldData;
  return [empty, grave ? `**${what}**` : what, gap, guard].filter((part) => part !== "").join("; ");
}
