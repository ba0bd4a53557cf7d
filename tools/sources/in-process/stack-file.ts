import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { asConfigText, mapping } from "./engine-yaml";
import { settingsFrom } from "../../../stacks/settings/load";
import type { Settings } from "../../../stacks/settings/settings";
import type { Problem } from "../../../stacks/settings/problems";
import { doubled, fullKey, missing, unfitValues } from "./declarations";
import { read, readProject, shortStackName, StackFileError, stackNames } from "./project";

export { StackFileError, stackNames } from "./project";

/** A stack's configuration, as the engine would hand it to the program. */
export interface StackConfiguration {
  /** Name of the project. */
  readonly project: string;
  /** Folder of the project. */
  readonly folder: string;
  /** Name of the stack, without organization and project. */
  readonly stack: string;
  /** The program, relative to the folder. */
  readonly main: string;
  /** What Pulumi.yaml names: `nodejs`, `python`; empty where it names none. */
  readonly runtime: string;
  readonly config: Readonly<Record<string, string>>;
  /** How the file is encrypted: `secretsprovider`, and digests of `encryptedkey` and `encryptionsalt`. */
  readonly encryption?: Readonly<Record<string, string>>;
  /** Keys whose value is, or contains, a secret; also of mappings below: `slipway:secrets`, `slipway:secrets.KEY`. */
  readonly secretKeys: readonly string[];
  /** What the file leans on and nothing here can read: sentences for the reader of the plan. */
  readonly remarks: readonly string[];
  /** Values that do not fit what Pulumi.yaml declares, which the engine refuses before the program runs. */
  readonly mistyped: readonly Problem[];
}

/**
 * Stands for a value that is encrypted in the stack file: the preview has no key for it, and needs none. Another ciphertext
 * is another text, so that a comparison notices; it may hold the same value, encrypted anew.
 */
function encrypted(ciphertext: string): string {
  return `encrypted-in-the-stack-file-${createHash("sha256").update(ciphertext).digest("hex").slice(0, 12)}`;
}

export const encryptedPattern = /encrypted-in-the-stack-file(-[0-9a-f]{12})?/;

/** What settings are read from, wherever the program lies. */
export type Configuration = Omit<StackConfiguration, "folder" | "main" | "runtime"> &
  Partial<Pick<StackConfiguration, "folder">>;

/**
 * The settings in a stack's configuration.
 *
 * @throws SettingsError with every problem at once.
 */
export function settingsOf(configuration: Configuration): Settings {
  const { config, folder, mistyped: problems, project, remarks, secretKeys, stack } = configuration;
  return settingsFrom(stack, config, (key) => secretKeys.includes(key), { folder, project, remarks, problems });
}

/** The stacks of a project; one that was never deployed is previewed as `dev`. */
export function stacksIn(from: string): string[] {
  const { folder } = readProject(from);
  const names = stackNames(folder);
  return names.length === 0 ? ["dev"] : names;
}

/** @throws StackFileError of a program that only the engine can run. */
export function requireNodeProgram({ folder, runtime }: Pick<StackConfiguration, "folder" | "runtime">): void {
  if (runtime === "nodejs") return;
  throw new StackFileError(
    `The program in ${folder} is written for ${runtime || "no runtime that Pulumi.yaml names"}: in-process, Slipway runs Node.js programs. ` +
      "Any other is judged by the engine's events: --engine, or --events FILE.",
  );
}

/** The configuration of a stack by its name, or by `organization/project/stack`, in the project that `from` is in. */
export function readStack(from: string, reference: string): StackConfiguration {
  const project = readProject(from);
  const stack = shortStackName(project, reference);
  const file = join(project.stackFolder, `Pulumi.${stack}${project.extension}`);
  const names = stackNames(project.folder);
  // A program that was never deployed has no stack file yet; its defaults stand in Pulumi.yaml.
  const bare = names.length === 0 && !existsSync(file);
  if (!existsSync(file) && !bare) {
    throw new StackFileError(
      `There is no ${basename(file)} in ${project.stackFolder}.\n\n  ${names.length > 0 ? `Stacks here: ${names.join(", ")}` : "No stack file is here. Is this the project's folder?"}`,
    );
  }
  const content = bare ? null : read(file);
  if (content !== null && mapping(content) !== content) {
    throw new StackFileError(`${basename(file)} holds no keys: expected \`config:\` with the settings below it.`);
  }
  const { config: settings, environment, secretsprovider, encryptedkey, encryptionsalt } = mapping(content);
  if (settings !== undefined && settings !== null && mapping(settings) !== settings) {
    throw new StackFileError(
      `${basename(file)}: config: expected the settings below it, each with the prefix slipway:`,
    );
  }
  const imports = environment ?? undefined;
  const config: Record<string, string> = {};
  const secretKeys = new Set<string>();
  const put = (key: string, value: unknown) => {
    const full = fullKey(project.name, key);
    for (const path of secretPaths(full, value)) secretKeys.add(path);
    config[full] = asConfigText(withoutSecrets(value));
  };
  for (const [key, declared] of Object.entries(project.config)) {
    const value = declaredValue(declared);
    if (value !== undefined) put(key, value);
  }
  // A key that is nothing is none to the engine.
  const { "<nil>": _, ...own } = mapping(settings);
  for (const [key, value] of Object.entries(own)) put(key, value);
  return {
    mistyped: [
      ...doubled(project.name, own),
      // What is missing here may be in the environment, which only the engine reads.
      ...unfitValues(project.name, project.config, own, isEncrypted).filter(
        ({ message }) => imports === undefined || message !== missing,
      ),
      ...(encryptionsalt === undefined ? [] : noCiphertexts(project.name, own)),
    ],
    project: project.name,
    folder: project.folder,
    stack,
    main: project.main,
    runtime: project.runtime,
    config,
    encryption: {
      ...(typeof secretsprovider === "string" && { secretsprovider }),
      ...(typeof encryptedkey === "string" && { encryptedkey: encrypted(encryptedkey) }),
      ...(typeof encryptionsalt === "string" && { encryptionsalt: encrypted(encryptionsalt) }),
    },
    secretKeys: [...secretKeys],
    remarks: imports === undefined ? [] : [environmentRemark(basename(file), imports)],
  };
}

/** https://www.pulumi.com/docs/iac/concepts/config/#pulumi-esc */
function environmentRemark(file: string, environment: unknown): string {
  const { imports = environment } = mapping(environment);
  const names = (Array.isArray(imports) ? imports : []).map((each) =>
    typeof each === "string" ? each : (Object.keys(mapping(each))[0] ?? "one"),
  );
  return `${file} imports ${names.length > 0 ? names.join(", ") : "an environment"} from Pulumi ESC, which only the engine reads: it sets what the file leaves out.`;
}

/** In Pulumi.yaml a key holds its value, or a declaration with `value` or `default`. */
function declaredValue(declared: unknown): unknown {
  if (mapping(declared) !== declared) return declared;
  const { value, default: fallback } = declared as { value?: unknown; default?: unknown };
  return value ?? fallback;
}

function isEncrypted(value: unknown): boolean {
  const keys = Object.keys(mapping(value));
  return keys.length === 1 && typeof mapping(value)["secure"] === "string";
}

/** With a passphrase a ciphertext says its version and nonce; what another provider makes of one only it knows. */
function noCiphertexts(project: string, settings: Readonly<Record<string, unknown>>): Problem[] {
  const holdsNone = (value: unknown): boolean =>
    isEncrypted(value)
      ? !/^v1:[^:]+:[^:]+$/.test(String(mapping(value)["secure"]))
      : typeof value === "object" && value !== null && Object.values(value).some(holdsNone);
  return Object.entries(settings).flatMap(([key, value]): Problem[] =>
    holdsNone(value)
      ? [
          {
            key: fullKey(project, key),
            message: "holds `secure:` with what is no ciphertext: pulumi config set --secret writes one",
          },
        ]
      : [],
  );
}

function secretPaths(path: string, value: unknown): string[] {
  if (isEncrypted(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, item]) => secretPaths(`${path}.${key}`, item));
  return below.length === 0 ? [] : [path, ...below];
}

function withoutSecrets(value: unknown): unknown {
  if (isEncrypted(value)) return encrypted(String((value as { secure: unknown }).secure));
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
