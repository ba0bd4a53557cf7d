import { causesOfReplacement, summarize, type Destroyed } from "../../../review/changes";
import { formatValue } from "../../../plan/values";
import type { PlanResource, PropertyChange } from "../../../plan/plan";
import { code, prose, table } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

/** Never folded: whoever merges has to have seen it. */
export const destroyed: SectionOf = ({ plan }) => {
  if (!plan) return undefined;
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
          limited(
            grave.map((one) => [label(one.resource.urn), why(one.resource, causes), loss(one)]),
            most,
            (missing) => [`… and ${missing} more`, "", ""],
          ),
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

function why(resource: PlanResource, most: number): string {
  if (resource.operation === "delete") return "no longer in the program";
  const causes = limited(causesOfReplacement(resource).map(cause), most, (missing) => `${missing} more`);
  return causes.length === 0 ? "the provider cannot change it in place" : causes.join("<br>");
}

function cause({ path, kind, before, after }: PropertyChange): string {
  const [old, now] = [formatValue(before, 40), formatValue(after, 40)];
  if (kind === "add") return `${code(path, 60)} is set to ${code(now)}`;
  if (kind === "delete") return `${code(path, 60)} ${code(old)} is removed`;
  // Unknown before and after: nothing in the program changed, so what the value comes from is replaced.
  return old === now ? `${code(path, 60)} follows ${code(old)}` : `${code(path, 60)} ${code(old)} → ${code(now)}`;
}

function loss({ resource, lost, refused, retained }: Destroyed): string {
  const guard = refused ? "protected: `pulumi up` refuses" : "";
  if (retained) return "nothing: it stays in the cloud and is no longer managed";
  const gap =
    resource.options.deleteBeforeReplace && resource.operation === "replace" ? "gone until its successor is up" : "";
  const what = lost === undefined ? "no data" : `**${prose(lost)}**`;
  return [what, gap, guard].filter((part) => part !== "").join("; ");
}
