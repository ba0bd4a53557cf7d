import { shorten } from "../../../plan/values";
import { block } from "../markdown";
import { labels, type SectionOf } from "../section";

export const failure: SectionOf = ({ failure, plan }) => {
  if (!failure) return undefined;
  const where = failure.urn === undefined ? "" : `At ${labels(plan)(failure.urn)}:\n\n`;
  return {
    name: "the end of the error message",
    sizes: [6000, 1500, 300].map((limit) => where + block("text", shorten(failure.message, limit))),
  };
};
