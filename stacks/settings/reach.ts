import type { z } from "zod";
import { listed, type SettingMeta } from "./formats";
import { type Problem, problem } from "./problems";
import { fieldsOf, innermost, sections, stackFile } from "./schema";
import { type StackFileContent, type Target, targets, type Unconstrained } from "./settings";

/** Where a setting acts: what its metadata and its section's say. */
export interface Reach {
  readonly on: readonly Target[];
  readonly why: Readonly<Partial<Record<Target, string>>>;
  /** Values of the section's `implementation` or `strategy` with which it acts. Absent: all. */
  readonly with?: readonly string[];
  /** Whether a preset has a value for it, which stands there with every implementation. */
  readonly preset: boolean;
}

let known: ReadonlyMap<string, Reach> | undefined;

/** Every setting by its dotted key: `service`, `service.cpuMillis`. */
export function reaches(): ReadonlyMap<string, Reach> {
  return (known ??= new Map(
    fieldsOf(stackFile).flatMap(([name, schema]): [string, Reach][] => {
      const section = reachOf(schema, false);
      // Rules of policies, assumptions of costs and guards have a reader whatever the target.
      const fields = ["policies", "costs", "guards"].includes(name) ? [] : fieldsOf(schema);
      const filled = (sections as Partial<Record<string, z.ZodObject>>)[name]?.shape ?? {};
      return [
        [name, section],
        ...fields.map(([key, field]): [string, Reach] => [
          `${name}.${key}`,
          reachOf(field, filled[key] !== undefined && !(filled[key] as z.ZodType).isOptional(), section),
        ]),
      ];
    }),
  ));
}

function reachOf(schema: z.ZodType, preset: boolean, section?: Reach): Reach {
  const { on, why, with: values } = (innermost(schema).meta() ?? {}) as Partial<SettingMeta>;
  return { on: on ?? section?.on ?? targets, why: { ...section?.why, ...why }, with: values, preset };
}

/** Settings of a stack file that cannot act: on its target, or without what only another implementation needs. */
export function unreachable(file: StackFileContent, { target }: Pick<Unconstrained, "target">): Problem[] {
  return given(file).flatMap(([key, found]): Problem[] => {
    const reach = reaches().get(key)!;
    if (reach.on.includes(target)) return [];
    const section = key.includes(".") ? reaches().get(key.slice(0, key.indexOf(".")))! : undefined;
    // The section itself is reported, with its reason.
    if (section?.why[target] !== undefined && !section.on.includes(target)) return [];
    if (section === undefined && reach.why[target] === undefined && isMapping(found)) return [];
    return problem(
      key,
      isMapping(found) ? undefined : found,
      `does not work with target ${target}: ${reach.why[target] ?? `it is for ${listed(reach.on)}`}`,
    );
  });
}

/** Names of what exists elsewhere, in a section whose implementation asks for no such thing. */
export function unasked(file: StackFileContent, settings: Unconstrained): Problem[] {
  return mismatched(file, settings)
    .filter(({ reach }) => !reach.preset)
    .flatMap(({ key, found, reach, by, value }) =>
      problem(key, found, `is only for ${by} ${listed(reach.with!)}, not ${value}`),
    );
}

/** Values of presets that a stack file changes, and that nothing reads with the implementation that it chose. */
export function idle(file: StackFileContent, settings: Unconstrained): string[] {
  return mismatched(file, settings)
    .filter(({ reach }) => reach.preset)
    .map(
      ({ key, reach, by, value }) =>
        `slipway:${key} has no effect with ${by} ${value}: it is for ${listed(reach.with!)}`,
    );
}

function mismatched(file: StackFileContent, settings: Unconstrained) {
  return given(file).flatMap(([key, found]) => {
    const reach = reaches().get(key)!;
    const [section] = key.split(".") as [keyof Unconstrained];
    const { implementation, strategy } = settings[section] as { implementation?: string; strategy?: string };
    const value = implementation ?? strategy ?? "";
    if (reach.with === undefined || reach.with.includes(value) || !reach.on.includes(settings.target)) return [];
    return [{ key, found, reach, value, by: implementation === undefined ? "strategy" : "implementation" }];
  });
}

/** Keys with what stands there. "No", "none of them" and "empty" are true of what is not there, and ask for nothing. */
function given(file: StackFileContent): [string, unknown][] {
  return Object.entries(file).flatMap(([name, value]): [string, unknown][] => {
    const below = reaches().has(name) && isMapping(value) ? Object.entries(value) : [];
    const all: [string, unknown][] = [
      [name, value],
      ...below.map(([key, item]): [string, unknown] => [`${name}.${key}`, item]),
    ];
    return all.filter(([key, found]) => reaches().has(key) && !isOff(found));
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOff(value: unknown): boolean {
  if (value === undefined || value === false || value === 0) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
