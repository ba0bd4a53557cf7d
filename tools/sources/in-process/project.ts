import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { wrongDeclarations } from "./declarations";
import { mapping, readEngineYaml } from "./engine-yaml";

/** A stack file, or the project that it belongs to, cannot be used; the message says what to do. */
export class StackFileError extends Error {
  override name = "StackFileError";
}

export interface Project {
  readonly folder: string;
  readonly name: string;
  /** `nodejs`; empty where the file names none. */
  readonly runtime: string;
  /** The program, relative to the folder. */
  readonly main: string;
  /** Folder of the stack files: `stackConfigDir` of Pulumi.yaml. */
  readonly stackFolder: string;
  /** `.yaml`, or `.yml` or `.json` where Pulumi.yaml has that. */
  readonly extension: string;
  /** The section `config`: keys with their values or declarations. */
  readonly config: Readonly<Record<string, unknown>>;
}

const projectFiles = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** The project whose folder `from` is, or is in: as for the engine, any folder below it will do. */
export function readProject(from: string): Project {
  const file = findProject(resolve(from));
  if (file === undefined) {
    throw new StackFileError(
      `There is no Pulumi.yaml in ${resolve(from)} or above it. Is this the project's folder? --cwd names another.`,
    );
  }
  const content = mapping(read(file));
  const { name, runtime, main, config, stackConfigDir } = content;
  if (typeof name !== "string" || !/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw new StackFileError(
      `${file}: name ${JSON.stringify(name) ?? "is missing"}: expected letters, digits, hyphens, underscores and periods, at most 100`,
    );
  }
  if (typeof config === "string" && stackConfigDir !== undefined) {
    throw new StackFileError(
      `${file}: config and stackConfigDir both name the folder of the stack files. Keep stackConfigDir.`,
    );
  }
  if (stackConfigDir !== undefined && typeof stackConfigDir !== "string") {
    throw new StackFileError(`${file}: stackConfigDir: expected the folder of the stack files, as text`);
  }
  const wrong = wrongDeclarations(name, mapping(config));
  if (wrong.length > 0) throw new StackFileError(wrong.map((each) => `${file}: ${each}`).join("\n"));
  const below = typeof config === "string" ? config : stackConfigDir;
  return {
    folder: dirname(file),
    name,
    runtime: textOf(typeof runtime === "string" ? runtime : mapping(runtime)["name"]),
    main: typeof main === "string" ? main : ".",
    stackFolder: typeof below === "string" ? join(dirname(file), below) : dirname(file),
    extension: extname(file),
    config: mapping(config),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Whether `from` is in a project. A program that the Automation API runs has none. */
export function hasProject(from: string): boolean {
  return findProject(resolve(from)) !== undefined;
}

/** The folder of the project that `from` is in; itself, where none is. */
export function projectFolder(from: string): string {
  const file = findProject(resolve(from));
  return file === undefined ? resolve(from) : dirname(file);
}

/** Whether a project has a file for a stack. */
export function hasStack(folder: string, reference: string): boolean {
  const name = reference.split("/").at(-1)!;
  const { stackFolder, extension } = projectFiles.some((file) => existsSync(join(folder, file)))
    ? readProject(folder)
    : { stackFolder: folder, extension: ".yaml" };
  return existsSync(join(stackFolder, `Pulumi.${name}${extension}`));
}

function findProject(folder: string): string | undefined {
  const found = projectFiles.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (found !== undefined || dirname(folder) === folder) return found;
  return findProject(dirname(folder));
}

/** Names of the project's stacks: those that have a file. */
export function stackNames(from: string): string[] {
  const { stackFolder, extension } = readProject(from);
  if (!existsSync(stackFolder)) return [];
  return readdirSync(stackFolder)
    .filter((file) => file.startsWith("Pulumi.") && file.endsWith(extension) && !projectFiles.includes(file))
    .map((file) => file.slice("Pulumi.".length, -extension.length))
    .filter((name) => name !== "")
    .sort();
}

/** The last part of `organization/project/stack`: what the file and the program know a stack by. */
export function shortStackName(project: Project, reference: string): string {
  const parts = reference.split("/");
  const name = parts.at(-1)!;
  if (parts.length === 3 && parts[1] !== project.name) {
    throw new StackFileError(`${reference} is a stack of the project ${parts[1]}, and this one is ${project.name}.`);
  }
  if (parts.length > 3 || !/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
    throw new StackFileError(
      `${JSON.stringify(reference)} is no name of a stack: expected letters, digits, hyphens, underscores and periods, at most 100.`,
    );
  }
  return name;
}

export function read(file: string): unknown {
  try {
    return readEngineYaml(file);
  } catch (error) {
    throw new StackFileError(`${basename(file)} cannot be read: ${(error as Error).message}`);
  }
}
