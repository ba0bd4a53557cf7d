import { mermaid } from "../../graph";
import { summarize } from "../../../review/changes";
import { block, details } from "../markdown";
import type { SectionOf } from "../section";

export const graph: SectionOf = ({ plan, failure, deleted }) => {
  // One box and no arrow says nothing that the list does not.
  if (
    !plan ||
    deleted ||
    failure?.kind === "base" ||
    summarize(plan).components.flatMap(({ resources }) => resources).length < 2
  )
    return undefined;
  return { name: "the graph", sizes: [details("Graph of what changes", block("mermaid", mermaid(plan))), ""] };
};
