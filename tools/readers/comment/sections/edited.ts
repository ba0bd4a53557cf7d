import { formatValue } from "../../../plan/values";
import type { PropertyChange } from "../../../plan/plan";
import type { Review } from "../../../review/review";
import { isRevision } from "../../../judge/losses/stateful";
import { follows, highlights } from "../../../review/highlights";
import { code } from "../markdown";
import { labels, type SectionOf } from "../section";

/** What a person edited, and the few properties by which the change is understood, unfolded. The rest is folded below. */
export const edited: SectionOf = (review) => {
  const settings = settingLines(review);
  const found = review.plan && review.failure?.kind !== "base" && !review.deleted ? highlights(review.plan) : [];
  const label = labels(review.plan);
  const properties = (most: number) => {
    const shown = found
      .slice(0, most)
      .map(({ resource, change }) => `- ${label(resource.urn)} ${value(change, isRevision(resource))}`);
    return found.length > most ? [...shown, `- … and ${found.length - most} more below`] : shown;
  };
  const build = (most: number) => {
    const lines = [...settings.slice(0, 3 * most), ...properties(most)];
    return lines.length === 0 ? "" : `**What changes**\n\n${lines.join("\n")}`;
  };
  return settings.length + found.length === 0
    ? undefined
    : { name: "some of what was edited", sizes: [build(8), build(3), ""] };
};

function settingLines({ settings = [], stack, relaxed = [] }: Review): string[] {
  // What is relaxed has been said, with what it was.
  const said = (key: string) => relaxed.length > 0 && /^slipway:(policies|guards)\b/.test(key);
  return settings
    .filter(({ key }) => !said(key))
    .map(({ key, before, after, encrypted }) => {
      const setting = `- ${code(`Pulumi.${stack}.yaml`, 60)} ${code(key, 80)}`;
      if (before === undefined) return `${setting} is set to ${code(after!, 60)}`;
      if (after === undefined) return `${setting} ${code(before, 60)} is removed`;
      if (encrypted && before === after)
        return `${setting} is encrypted again: whether its value changed is unknown without the key`;
      return `${setting} ${code(before, 60)} → ${code(after, 60)}`;
    });
}

function value(change: PropertyChange, revision: boolean): string {
  const { path, kind, before, after, forcesReplacement } = change;
  const [old, now] = [formatValue(before, 60), formatValue(after, 60)];
  const note = forcesReplacement && !revision ? " **replaces it**" : "";
  if (kind === "add") return `${code(path, 90)} is set to ${code(now)}${note}`;
  if (kind === "delete") return `${code(path, 90)} ${code(old)} is removed${note}`;
  if (old === now && !follows(change)) return `${code(path, 90)} is another ${code(now)}${note}`;
  return `${code(path, 90)} ${code(old)} → ${code(now)}${note}`;
}
