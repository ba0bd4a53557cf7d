import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { policyKeys } from "../../policy/configuration";
import type { Surroundings } from "./constraint";
import { constraintsOf } from "./constraints";
import { policiesOf } from "./policy-levels";
import { presetFor } from "./presets";
import { type Problem, problemsOf, SettingsError } from "./problems";
import { unasked, unreachable } from "./reach";
import { innermost, type sections, settingKeys, stackFile } from "./schema";
import {
  presetNames,
  type Settings,
  type StackFileContent,
  type Target,
  targets,
  type Unconstrained,
} from "./settings";

const namespace = "slipway:";

/** Whether the engine has a key, or one below it, as a secret. `pulumi.Config` asks the same; its types leave it out. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * The settings of the stack that runs now.
 *
 * @throws SettingsError with every problem at once, before anything is registered.
 */
export function loadSettings(): Settings {
  return settingsFrom(pulumi.getStack(), pulumi.runtime.allConfig(), isConfigSecret);
}

/**
 * The settings in a stack's configuration, as the engine hands it over: full keys, every value a text. With `isSecret`
 * values under `slipway:secrets` that are not encrypted are refused.
 */
export function settingsFrom(
  stack: string,
  config: Readonly<Record<string, string>>,
  isSecret?: (key: string) => boolean,
): Settings {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(namespace)) continue;
    const name = key.slice(namespace.length);
    raw[name] = fromConfig(name, value);
  }
  const plainSecrets = isSecret === undefined ? [] : secretsInPlainText(raw["secrets"], isSecret);
  return resolveSettings(stack, raw, { awsRegion: config["aws:region"], plainSecrets });
}

/**
 * Names of values that anybody reads who reads the stack file. The engine says of a mapping only that something in it is
 * encrypted; the in-process preview, which reads the file itself, says it of each key below.
 */
function secretsInPlainText(secrets: unknown, isSecret: (key: string) => boolean): string[] {
  if (typeof secrets !== "object" || secrets === null) return [];
  const key = `${namespace}secrets`;
  const encrypted = (name: string) => isSecret(`${key}.${name}`);
  const values = Object.keys(secrets).filter((name) => typeof (secrets as Record<string, unknown>)[name] === "string");
  if (!isSecret(key)) return values;
  return Object.keys(secrets).some(encrypted) ? values.filter((name) => !encrypted(name)) : [];
}

/** Pulumi hands a mapping over as JSON, and a default of Pulumi.yaml as an empty text or mapping: both mean "not said". */
function fromConfig(name: string, value: string): unknown {
  if (value === "" || value === "{}") return undefined;
  const schema = (stackFile.shape as Record<string, z.ZodType | undefined>)[name];
  const scalar = schema === undefined || ["string", "enum"].includes(innermost(schema).def.type);
  if (scalar) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A stack file's content over its preset, checked. Separate from {@link loadSettings} so that any content can be tried. */
export function resolveSettings(
  stack: string,
  raw: Readonly<Record<string, unknown>>,
  surroundings: Surroundings,
): Settings {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
  const parsed = stackFile.safeParse(given);
  const problems: Problem[] = parsed.success
    ? []
    : problemsOf(parsed.error, given, [...settingKeys(), ...policyKeys().map((key) => `policies.${key}`)]);

  // Constraints are judged on what is valid, so that one wrong value does not hide another.
  const file = parsed.success ? parsed.data : valid(given, parsed.error);
  const settings = overPreset(file);
  if (settings !== undefined) {
    addNew(problems, unreachable(file, settings));
    addNew(problems, [
      ...unasked(file, settings),
      ...constraintsOf(settings.target).flatMap((constraint) => constraint(settings, surroundings)),
    ]);
  }
  if (settings === undefined || problems.length > 0) throw new SettingsError(stack, problems);
  // Nothing is wrong: what each target needs is there.
  return settings as Settings;
}

/** One problem a setting: what a second look says of the same is only its consequence. */
function addNew(problems: Problem[], found: readonly Problem[]): void {
  const reported = problems.map(({ key }) => key);
  problems.push(...found.filter(({ key }) => !reported.some((other) => key === other || key.startsWith(`${other}.`))));
}

function overPreset(file: StackFileContent): Unconstrained | undefined {
  const { target, preset = "production", domain } = file;
  if (!targets.includes(target as Target) || !presetNames.includes(preset)) return undefined;
  const base = presetFor(preset, target as Target);
  const merged = Object.fromEntries(
    Object.entries(base).map(([name, section]) => [
      name,
      { ...section, ...(file[name as keyof typeof sections] as object) },
    ]),
  ) as unknown as typeof base;
  return {
    ...merged,
    target: target as Target,
    preset,
    domain: domain ?? "",
    image: file.image,
    build: file.build,
    policies: policiesOf(preset, file.policies),
    tls: file.tls ?? {},
    images: file.images ?? {},
    secrets: { AUTH_SECRET: { generate: 32 }, ENCRYPTION_KEY: { generate: 32 }, ...file.secrets },
    costs: file.costs ?? {},
  };
}

/** The input without what `error` names. */
function valid(input: Readonly<Record<string, unknown>>, error: z.ZodError): StackFileContent {
  const copy = structuredClone(input) as Record<string, unknown>;
  for (const issue of error.issues) {
    const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) {
      // A list with a wrong item is dropped whole: what is left of it is not what anybody wrote.
      const list = path.findIndex((part) => typeof part === "number");
      remove(copy, (list === -1 ? path : path.slice(0, list)).map(String));
    }
  }
  return copy;
}

function remove(from: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof from !== "object" || from === null) return;
  const target = from as Record<string, unknown>;
  if (rest.length === 0) delete target[key];
  else remove(target[key], rest);
}
