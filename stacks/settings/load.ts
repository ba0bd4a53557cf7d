import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { policyKeys } from "../../policy/configuration";
import type { Surroundings } from "./constraint";
import { constraintsOf } from "./constraints";
import { policiesOf } from "./policy-levels";
import { assumedOf } from "./cost-assumptions";
import { isLean, presetFor } from "./presets";
import { joined, type Problem, problem, problemsOf, SettingsError } from "./problems";
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
  return settingsFrom(pulumi.getStack(), pulumi.runtime.allConfig(), isConfigSecret, { project: pulumi.getProject() });
}

/**
 * The settings in a stack's configuration, as the engine hands it over: full keys, every value a text. With `isSecret`
 * values under `slipway:secrets` that are not encrypted are refused, and encrypted ones anywhere else.
 */
export function settingsFrom(
  stack: string,
  config: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean = () => false,
  around: Pick<Surroundings, "folder" | "project" | "remarks" | "problems"> = {},
): Settings {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(namespace)) continue;
    const name = key.slice(namespace.length);
    raw[name] = fromConfig(name, value);
  }
  for (const { key } of around.problems ?? []) delete raw[key.slice(namespace.length)];
  const plainSecrets = arguments.length < 3 ? [] : secretsInPlainText(raw["secrets"], isSecret);
  const webhook = webhookOf(raw["monitoring"]);
  const plainWebhook = arguments.length >= 3 && webhook !== undefined && !isSecretWebhook(isSecret);
  const misplaced = misplacedSecrets(raw, isSecret);
  // What is in them is not looked at: a message about it would show it.
  for (const path of misplaced) remove(raw, upToList(path));
  return resolveSettings(stack, raw, {
    ...around,
    awsRegion: config["aws:region"],
    plainSecrets,
    plainWebhook,
    misplaced: [
      ...misplaced.map((path) => `${namespace}${joined(path)}`),
      ...(isSecret("aws:region") ? ["aws:region"] : []),
    ],
  });
}

/**
 * Keys outside of `slipway:secrets` whose values are encrypted. They would be in the clear in what is created, and in its
 * state. The engine tells of a section that something in it is encrypted; the in-process preview, of each key below.
 */
function misplacedSecrets(raw: Readonly<Record<string, unknown>>, isSecret: (key: string) => boolean): string[][] {
  const below = (path: string[], value: unknown): string[][] => {
    if (!isSecret(`${namespace}${path.join(".")}`)) return [];
    const deeper =
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => below([...path, key], item))
        : [];
    return deeper.length > 0 ? deeper : [path];
  };
  const found = Object.entries(raw).flatMap(([name, value]) => (name === "secrets" ? [] : below([name], value)));
  // The one address that belongs there encrypted. Where the engine tells of its section alone, it is what is encrypted in it.
  return found.filter(
    ([section, key]) =>
      section !== "monitoring" || (key !== "webhook" && (key !== undefined || webhookOf(raw[section]) === undefined)),
  );
}

function webhookOf(monitoring: unknown): unknown {
  return typeof monitoring === "object" && monitoring !== null
    ? (monitoring as { webhook?: unknown }).webhook
    : undefined;
}

/** The in-process preview tells of each key; the engine, of the section that something in it is encrypted. */
function isSecretWebhook(isSecret: (key: string) => boolean): boolean {
  const section = `${namespace}monitoring`;
  return isSecret(`${section}.webhook`) || isSecret(section);
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

/** Pulumi hands a mapping over as JSON, and a default of Pulumi.yaml as an empty text or mapping: both mean "not set". */
function fromConfig(name: string, value: string): unknown {
  const schema = (stackFile.shape as Record<string, z.ZodType | undefined>)[name];
  const scalar = schema === undefined || ["string", "enum"].includes(innermost(schema).def.type);
  // A key with nothing after it is none of the defaults where a mapping is declared, and the engine refuses it.
  if (value === "{}" || (value === "" && scalar)) return undefined;
  if (scalar || value === "") return value;
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
  const problems = [...(surroundings.problems ?? []), ...misplacedProblems(surroundings), ...momentsIn(given)];
  if (!parsed.success) {
    const known = [...settingKeys(), ...policyKeys().map((key) => `policies.${key}`)];
    addNew(problems, problemsOf(parsed.error, given, known));
  }

  // Constraints are judged on what is valid, so that one wrong value does not hide another.
  const file = parsed.success ? parsed.data : valid(given, parsed.error);
  const settings = overPreset(file);
  if (settings !== undefined) {
    addNew(problems, unreachable(file, settings));
    addNew(problems, [
      ...unasked(file, settings),
      ...constraintsOf(settings.target).flatMap((constraint) => constraint(settings, { ...surroundings, stack })),
    ]);
  }
  if (settings === undefined || problems.length > 0) throw new SettingsError(stack, problems, surroundings.remarks);
  // Nothing is wrong: what each target needs is there.
  return settings as Settings;
}

function misplacedProblems({ misplaced = [] }: Surroundings): Problem[] {
  return misplaced.map((key) => {
    const variable = /^slipway:service\.environment\.(.+)$/.exec(key)?.[1];
    return {
      key,
      message:
        variable === undefined
          ? `holds an encrypted value, and would show it in what is created: only slipway:secrets takes secrets. Here in plain text: pulumi config set --plaintext --path '${key}'`
          : `is encrypted, and a variable is readable on every target: pulumi config set --secret --path slipway:secrets.${variable}`,
    };
  });
}

/**
 * Dates that somebody wrote without quotes: the engine reads a moment, and hands over what Go writes for one. Where a
 * policy asks for a date it is taken: policy/configuration.ts.
 */
function momentsIn(value: unknown, path: readonly string[] = []): Problem[] {
  if (typeof value === "object" && value !== null && path[0] !== "policies")
    return Object.entries(value).flatMap(([key, item]) => momentsIn(item, [...path, key]));
  const [, date, rest] = (typeof value === "string" && /^(\d{4}-\d\d-\d\d)( \S+ [+-]\d{4} \S+)$/.exec(value)) || [];
  if (date === undefined || path[0] === "policies") return [];
  const written = rest!.startsWith(" 00:00:00 +0000") ? date : `${date} …`;
  return problem(joined(path), undefined, `is a date without quotes, which YAML makes a moment of: "${written}"`);
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
  // The preset's command belongs to the platform.
  const { health, migration, platform } = file.service ?? {};
  const unmigrated = health !== undefined && migration === undefined;
  const lean = target === "aws-ecs" && isLean(preset);
  // An image that exists may be for one architecture alone; what is built here is built for what it runs on.
  const graviton = lean && file.build !== undefined && file.image === undefined && platform === undefined;
  const service = {
    ...merged.service,
    ...(unmigrated ? { migration: false as const } : {}),
    ...(graviton ? { platform: "linux/arm64" as const } : {}),
  };
  return {
    ...merged,
    service,
    target: target as Target,
    preset,
    domain: domain ?? "",
    image: file.image,
    build: file.build,
    policies: policiesOf(preset, file.policies),
    tls: file.tls ?? {},
    firewall: file.firewall ?? (lean ? { mode: "none" } : {}),
    loadBalancer: file.loadBalancer ?? {},
    cluster: file.cluster ?? {},
    shared: file.shared,
    images: file.images ?? {},
    secrets: { AUTH_SECRET: { generate: 32 }, ENCRYPTION_KEY: { generate: 32 }, ...file.secrets },
    costs: { ...assumedOf(preset), ...file.costs },
    workers: file.workers ?? {},
    jobs: file.jobs ?? {},
    guards: file.guards ?? {},
  };
}

/** The input without what `error` names. */
function valid(input: Readonly<Record<string, unknown>>, error: z.ZodError): StackFileContent {
  const copy = structuredClone(input) as Record<string, unknown>;
  for (const issue of error.issues) {
    const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) {
      remove(copy, upToList(path.map(String)));
    }
  }
  return copy;
}

/** A list with a wrong item is dropped whole: what is left of it is not what anybody wrote. */
function upToList(path: readonly string[]): readonly string[] {
  const list = path.findIndex((part) => /^\d+$/.test(part));
  return list === -1 ? path : path.slice(0, list);
}

function remove(from: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof from !== "object" || from === null) return;
  const target = from as Record<string, unknown>;
  if (rest.length === 0) delete target[key];
  else remove(target[key], rest);
}
