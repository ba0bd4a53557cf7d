import { changes as kinds, summarize, type Change, type ComponentChanges } from "../../../review/changes";
import { componentLabel, typeLabel } from "../../../plan/urn";
import { formatValue } from "../../../plan/values";
import type { PlanResource, PropertyChange } from "../../../plan/plan";
import { block, details, html, prose } from "../markdown";
import type { SectionOf } from "../section";

/** Folded, in the colours of a diff, by component. */
export const changes: SectionOf = ({ plan, failure, deleted }) => {
  if (!plan || deleted || failure?.kind === "base") return undefined;
  const { components } = summarize(plan);
  if (components.length === 0) return undefined;
  const blocks = (properties: number, length: number) =>
    details(
      `All changes: ${components.map(title).join("; ")}`,
      components
        .map((one) => `**${prose(name(one))}**\n\n${block("diff", lines(one, properties, length).join("\n"))}`)
        .join("\n\n"),
    );
  const titles = components.map((component) => `- ${title(component)}`).join("\n");
  return { name: "changed properties", sizes: [blocks(200, 100), blocks(20, 60), blocks(0, 0), titles, ""] };
};

function name({ component }: ComponentChanges): string {
  const label = componentLabel(component);
  return component.name === label ? label : `${label} ${component.name}`;
}

function title({ component, counts }: ComponentChanges): string {
  const label = componentLabel(component);
  const name = component.name === label ? "" : ` ${html(component.name)}`;
  return `<b>${html(label)}</b>${name}: ${tally(counts)}`;
}

const verbs: Readonly<Record<Change, string>> = {
  create: "added",
  update: "changed",
  replace: "replaced",
  delete: "deleted",
  import: "imported",
};

function tally(counts: Readonly<Record<Change, number>>): string {
  return kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${verbs[kind]}`)
    .join(", ");
}

// GitHub and GitLab colour a diff by the first sign of the line.
const signs: Readonly<Record<string, string>> = { create: "+", update: "!", replace: "!", delete: "-", import: "+" };

function lines({ component, resources }: ComponentChanges, mostProperties: number, length: number): string[] {
  const prefix = `${component.name}-`;
  return resources.flatMap((resource) => {
    const name = resource.name.startsWith(prefix) ? resource.name.slice(prefix.length) : resource.name;
    const note = resource.operation === "replace" ? "  replaced" : "";
    const title = oneLine(`${signs[resource.operation]} ${typeLabel(resource.type)}  ${name}${note}`);
    return [title, ...propertyLines(resource, mostProperties, length)];
  });
}

function propertyLines({ changes = [] }: PlanResource, most: number, length: number): string[] {
  if (most === 0) return [];
  const shown = changes.slice(0, most).flatMap((change) => propertyLine(change, length));
  return changes.length > most ? [...shown, `      … ${changes.length - most} more`] : shown;
}

function propertyLine({ path, kind, before, after, forcesReplacement }: PropertyChange, length: number): string[] {
  const [old, now] = [formatValue(before, length), formatValue(after, length)];
  const note = forcesReplacement ? "    # forces the replacement" : "";
  const name = oneLine(path);
  if (kind === "update" && old === now) return [`      ${name}: ${oneLine(old)}  (new value, same source)${note}`];
  return [
    ...(kind === "add" ? [] : [`-     ${name}: ${oneLine(old)}${kind === "delete" ? note : ""}`]),
    ...(kind === "delete" ? [] : [`+     ${name}: ${oneLine(now)}${note}`]),
  ];
}

/** A line break in a name could begin a line with a sign of its own choice. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, " ");
}
