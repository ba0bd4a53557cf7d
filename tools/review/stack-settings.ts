import { type z } from "zod";
import { policyConfiguration, type PolicyConfiguration } from "../../policy/index";
import type { AssumptionKey } from "../../stacks/settings/cost-assumptions";
import { costs as costsSchema } from "../../stacks/settings/sections/costs";
import { guards as guardsSchema, type Guards } from "../../stacks/settings/sections/guards";
import { SettingsError } from "../../stacks/settings/problems";
import type { Settings } from "../../stacks/settings/settings";
import { usesRegion } from "../../stacks/targets";
import { type Configuration, settingsOf } from "../sources/in-process/stack-file";

/** How a stack wants to be judged, whatever program it belongs to. */
export interface StackSettings {
  /** Absent for a program that is not Slipway's. */
  readonly settings?: Settings;
  readonly policies: PolicyConfiguration;
  readonly assumptions?: Readonly<Partial<Record<AssumptionKey, number | undefined>>>;
  readonly guards: Guards;
  /** `eu-central-1`; absent where nothing of AWS is configured. */
  readonly region?: string;
}

/** What any program may have of ours in its stack files. */
const ofAnyProgram = ["slipway:policies", "slipway:costs", "slipway:guards"];

/** Throws SettingsError with every problem before anything runs. */
export function stackSettings(configuration: Configuration): StackSettings {
  const { config, stack } = configuration;
  const region = config["aws:region"] || undefined;
  if (!isSlipway(config)) return { ...foreign(stack, config), region };
  const settings = settingsOf(configuration);
  return {
    settings,
    policies: settings.policies ?? {},
    assumptions: settings.costs,
    guards: settings.guards,
    ...(usesRegion(settings) && { region }),
  };
}

function isSlipway(config: Readonly<Record<string, string>>): boolean {
  return Object.keys(config).some((key) => key.startsWith("slipway:") && !ofAnyProgram.includes(key));
}

function foreign(
  stack: string,
  config: Readonly<Record<string, string>>,
): Pick<StackSettings, "policies" | "assumptions" | "guards"> {
  const problems: { key: string; message: string }[] = [];
  const read = <T>(key: string, schema: z.ZodType<T>): T | undefined => {
    const text = config[`slipway:${key}`];
    if (text === undefined || text === "") return undefined;
    const parsed = schema.safeParse(json(text));
    if (parsed.success) return parsed.data;
    problems.push(
      ...parsed.error.issues.map(({ path, message }) => ({
        key: `slipway:${[key, ...path.map(String)].join(".")}`,
        message,
      })),
    );
    return undefined;
  };
  const policies = read("policies", policyConfiguration) ?? {};
  const assumptions = read("costs", costsSchema);
  const guards = read("guards", guardsSchema) ?? {};
  if (problems.length > 0) throw new SettingsError(stack, problems);
  return { policies, assumptions, guards };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
