import { z } from "zod";
import { type AssumptionKey, costAssumptions } from "../../stacks/settings/cost-assumptions";
import { presetFor } from "../../stacks/settings/presets";
import { reaches } from "../../stacks/settings/reach";
import { fieldsOf, innermost, stackFile } from "../../stacks/settings/schema";
import { type PresetName, presetNames, type Target, targets } from "../../stacks/settings/settings";

/** One setting, as docs/settings.md and Pulumi.yaml describe it. */
export interface Setting {
  /** `service` or `service.cpuMillis`. */
  readonly key: string;
  readonly type: string;
  readonly description: string;
  readonly example?: unknown;
  /** Targets on which it acts, and with what. */
  readonly acts: string;
  readonly children: readonly Setting[];
}

export function allSettings(): Setting[] {
  return fieldsOf(stackFile).map(([key, schema]) => setting(key, schema));
}

function setting(key: string, schema: z.ZodType): Setting {
  const inner = innermost(schema);
  const { description = "", example } = (inner.meta() ?? {}) as { description?: string; example?: unknown };
  const fields = key === "policies" ? [] : fieldsOf(schema);
  return {
    key,
    type: typeOf(inner),
    description,
    example,
    acts: actsOn(key),
    children: fields.map(([name, field]) => setting(`${key}.${name}`, field)),
  };
}

function actsOn(key: string): string {
  const reach = reaches().get(key);
  if (reach === undefined || (reach.on.length === targets.length && reach.with === undefined)) return "all";
  const on = reach.on.length === targets.length ? "all" : reach.on.join(", ");
  return reach.with === undefined ? on : `${on}; with ${reach.with.map((value) => `\`${value}\``).join(", ")}`;
}

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(", ");
  if (schema instanceof z.ZodLiteral) return [...schema.values].join(", ");
  if (schema instanceof z.ZodNumber) {
    const unit = schema.meta()?.["unit"];
    if (schema.maxValue === null || schema.maxValue === Infinity) return `from ${schema.minValue}`;
    return `${schema.minValue} to ${schema.maxValue}${typeof unit === "string" ? ` ${unit}` : ""}`;
  }
  if (schema instanceof z.ZodBoolean) return "true or false";
  if (schema instanceof z.ZodArray) return "list";
  return schema instanceof z.ZodString ? "text" : "mapping";
}

/** docs/settings.md, whole. */
export function settingsReference(): string {
  const settings = allSettings();
  const plain = settings.filter(({ children }) => children.length === 0);
  return `# Settings

Generated from \`stacks/settings/schema.ts\` by \`npm run generate\`. A stack file holds these under \`config:\`, each with the
prefix \`slipway:\`. Everything else comes from the preset. A wrong file is refused with every problem at once, before
anything is created. So is a setting that cannot act on the stack's target: the column says where each does. One that acts
with other implementations only, and has a default, is a warning.

| key | allowed | what it is | acts on | example |
| --- | --- | --- | --- | --- |
${plain.map(row).join("\n")}

${settings
  .filter(({ children }) => children.length > 0)
  .map(section)
  .join("\n\n")}
`;
}

function section({ key, description, acts, children }: Setting): string {
  return `## ${key}

${description}${acts === "all" ? "" : ` Acts on ${acts}.`}

| key | allowed | what it is | acts on | default in production · staging · development |
| --- | --- | --- | --- | --- |
${children.map((child) => `| \`${child.key}\` | ${cell(child.type)} | ${cell(described(child))} | ${cell(child.acts)} | ${cell(defaults(child.key))} |`).join("\n")}`;
}

function row(setting: Setting): string {
  const example = setting.example === undefined ? "" : `\`${JSON.stringify(setting.example)}\``;
  return `| \`${setting.key}\` | ${cell(setting.type)} | ${cell(setting.description)} | ${cell(setting.acts)} | ${cell(example)} |`;
}

function described({ description, example }: Setting): string {
  return example === undefined
    ? description
    : `${description} Example: \`${typeof example === "string" ? example : JSON.stringify(example)}\``;
}

/** Once where presets and targets agree; else by preset, and by target where they differ. */
function defaults(key: string): string {
  if (key.startsWith("costs.")) return shown(costAssumptions[key.slice("costs.".length) as AssumptionKey][0]);
  const [name, field] = key.split(".") as [string, string];
  const value = (preset: PresetName, target: Target) =>
    shown((presetFor(preset, target) as unknown as Record<string, Record<string, unknown>>)[name]?.[field]);
  const on = reaches().get(key)?.on ?? targets;
  const byTarget = on.map((target) => presetNames.map((preset) => value(preset, target)));
  const line = (values: readonly string[]) => (new Set(values).size === 1 ? values[0]! : values.join(" · "));
  const lines = byTarget.map(line);
  if (new Set(lines).size === 1) return lines[0]!;
  return on.map((target, index) => `${target}: ${lines[index]}`).join("; ");
}

function shown(value: unknown): string {
  return value === undefined ? "none" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
