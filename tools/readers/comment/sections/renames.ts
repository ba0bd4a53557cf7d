import { renames as renamesOf } from "../../../review/renames";
import { code } from "../markdown";
import { labels, limited, type SectionOf } from "../section";

/** Not folded: most of what is destroyed by a rename need not be. */
export const renames: SectionOf = ({ plan, failure, deleted }) => {
  if (!plan || deleted || failure?.kind === "base") return undefined;
  const found = renamesOf(plan);
  if (found.length === 0) return undefined;
  const label = labels(plan);
  const build = (most: number) =>
    [
      `**Looks like a rename: add an alias**, and nothing is destroyed`,
      limited(
        found.map(
          ({ before, after, alias }) => `- ${label(before.urn)} is now ${code(after.name, 80)}: ${code(alias)}`,
        ),
        most,
        (missing) => `- … and ${missing} more`,
      ).join("\n"),
    ].join("\n\n");
  return { name: "some renames", sizes: [build(10), build(3)] };
};
