import { z } from "zod";
import { type AssumptionKey, costAssumptions } from "../../stacks/settings/cost-assumptions";
import { presetFor } from "../../stacks/settings/presets";
import { type PresetName, presetNames, stackFile, type Target, targets } from "../../stacks/settings/settings";

/** One setting, as docs/settings.md and Pulumi.yaml describe it. */
export interface Setting {
  /** `service` or `service.cpuMillis`. */
  readonly key: string;
  readonly type: string;
  readonly description: string;
  readonly example?: unknown;
  readonly children: readonly Setting[];
}

export function allSettings(): Setting[] {
  return Object.entries(stackFile.shape).map(([key, schema]) => setting(key, schema as z.ZodType));
}

function setting(key: string, schema: z.ZodType): Setting {
  const meta = schema.meta() ?? {};
  const inner = unwrapped(schema);
  const description = meta["description"] ?? inner.meta()?.["description"] ?? "";
  const example = meta["example"] ?? inner.meta()?.["example"];
  const fields = inner instanceof z.ZodObject && key !== "policies" ? Object.entries(inner.shape) : [];
  return {
    key,
    type: typeOf(inner),
    description,
    example,
    children: fields.map(([name, field]) => setting(`${key}.${name}`, field as z.ZodType)),
  };
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.def.innerType as z.ZodType) : schema;
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

Generated from \`stacks/settings/settings.ts\` by \`npm run generate\`. A stack file holds these under \`config:\`, each with the
prefix \`slipway:\`. What is not said comes from the preset. A wrong file is refused with every problem at once, before
anything is created.

| key | allowed | what it is | example |
| --- | --- | --- | --- |
${plain.map(row).join("\n")}

${settings
  .filter(({ children }) => children.length > 0)
  .map(section)
  .join("\n\n")}
`;
}

function section({ key, description, children }: Setting): string {
  return `## ${key}

${description}

| key | allowed | what it is | default in production · staging · development |
| --- | --- | --- | --- |
${children.map((child) => `| \`${child.key}\` | ${cell(child.type)} | ${cell(described(child))} | ${cell(defaults(child.key))} |`).join("\n")}`;
}

function row(setting: Setting): string {
  const example = setting.example === undefined ? "" : `\`${JSON.stringify(setting.example)}\``;
  return `| \`${setting.key}\` | ${cell(setting.type)} | ${cell(setting.description)} | ${cell(example)} |`;
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
  const byTarget = targets.map((target) => presetNames.map((preset) => value(preset, target)));
  const line = (values: readonly string[]) => (new Set(values).size === 1 ? values[0]! : values.join(" · "));
  const lines = byTarget.map(line);
  if (new Set(lines).size === 1) return lines[0]!;
  return targets.map((target, index) => `${target}: ${lines[index]}`).join("; ");
}

function shown(value: unknown): string {
  return value === undefined ? "none" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
