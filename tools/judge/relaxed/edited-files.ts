import { type Relaxation, relaxation } from "./relaxed";

/** A file of both sides; undefined where one has none. */
export interface EditedFile {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What was added to a pipeline that lets through what it would have stopped. */
const letsThrough: readonly (readonly [pattern: RegExp, says: string])[] = [
  [/continue-on-error:\s*(?!false\b)\S/, "goes on after an error (`continue-on-error`)"],
  [/\|\|\s*(?:true|:|exit 0)(?=\s|$|["';)])/m, "takes a command that failed for one that did not (`|| true`)"],
  [/\bset \+e\b/, "goes on after a command that failed (`set +e`)"],
  [/\bif:\s*(?:\$\{\{\s*)?false\b/, "skips a step (`if: false`)"],
  [/--fail-on[ =]\S+/, "names itself what fails (`--fail-on`)"],
  [/--label[ =]\S+/, "gives itself a label (`--label`)"],
  [/--config[ =]\S+|--policy-pack-config[ =]\S+/, "names another configuration of the policies (`--config`)"],
  [/\ballow_failure:\s*true\b/, "may fail (`allow_failure`)"],
  [/\bpull_request_target\b/, "runs with the base's rights on a pull request (`pull_request_target`)"],
  [/\bNODE_OPTIONS\b/, "sets NODE_OPTIONS, which may load code into every command"],
  [/\bSLIPWAY_\w+/, "sets a variable that Slipway reads"],
  [/\bPULUMI_(?:SKIP|DISABLE|IGNORE)\w*/, "sets a variable that the engine reads"],
];

/** How often something stands in a text, by what it says: another place of the same is no addition. */
function counted(text: string, pattern: RegExp): Map<string, number> {
  const found = new Map<string, number>();
  for (const [match] of text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`)))
    found.set(match, (found.get(match) ?? 0) + 1);
  return found;
}

/** What an edited pipeline now does that lets more through, in half a sentence; undefined where nothing of it is known. */
export function letThrough({ before = "", after = "" }: Pick<EditedFile, "before" | "after">): string | undefined {
  const said = letsThrough.flatMap(([pattern, says]) => {
    const known = counted(before, pattern);
    return [...counted(after, pattern)].some(([match, times]) => times > (known.get(match) ?? 0)) ? [says] : [];
  });
  return said.length === 0 ? undefined : `it ${said.join("; it ")}`;
}

interface Manifest {
  readonly [key: string]: unknown;
}

/** Parts of a package.json that decide what is installed or run besides the names and versions that it asks for. */
const deciding = [
  "scripts",
  "overrides",
  "resolutions",
  "pnpm",
  "packageManager",
  "patchedDependencies",
  "bundleDependencies",
];
const elsewhere = /^(?:git|https?:|file:|link:|portal:|patch:|npm:|github:|gitlab:|bitbucket:|[\w.-]+\/[\w.-]+(?:#|$))/;

/** What an edited package.json decides anew of what is installed and run. */
export function editedManifest({ file, before, after }: EditedFile): Relaxation[] {
  const [old, now] = [json(before), json(after)];
  if (!now) return [];
  const said: string[] = [];
  for (const key of deciding) {
    const names = keysThatDiffer(old?.[key], now[key]);
    if (old !== undefined && names.length > 0)
      said.push(`\`${key}\`${names[0] === "" ? "" : ` (${names.join(", ")})`}`);
  }
  for (const key of ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]) {
    const known = (old?.[key] ?? {}) as Manifest;
    for (const [name, version] of Object.entries((now[key] ?? {}) as Manifest))
      if (known[name] !== version && typeof version === "string" && elsewhere.test(version))
        said.push(`${name} from elsewhere than the registry (${version})`);
  }
  return said.length === 0
    ? []
    : [relaxation("source", file, `decides what is installed and run: edited ${said.join(", ")}`)];
}

function keysThatDiffer(before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isMapping = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMapping(after ?? {}) || !isMapping(before ?? {})) return [""];
  const [old, now] = [(before ?? {}) as Manifest, (after ?? {}) as Manifest];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
}

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** What judges a change: Slipway, the policies' SDK and Pulumi's. */
const judging = /(^|node_modules\/)(slipway|@slipway\/[^/]+|@pulumi\/(policy|pulumi))$/;

/** Of an npm lock file: packages that come from elsewhere now, are another archive under the same version, or judge. */
export function editedLock({ file, before, after }: EditedFile): Relaxation[] {
  const [old, now] = [packagesOf(before), packagesOf(after)];
  if (!now) return [];
  const hosts = new Set(Object.values(old ?? {}).map(hostOf));
  const said = Object.entries(now).flatMap(([path, locked]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const known = old?.[path];
    if (locked.link === true || path === "") return [];
    const host = hostOf(locked);
    if (old && host !== "" && !hosts.has(host)) return [`${name} comes from ${host}`];
    if (known?.version === locked.version && known?.integrity !== locked.integrity)
      return [`${name} ${locked.version ?? ""} is another archive under the same version`];
    return known && known.version !== locked.version && judging.test(path)
      ? [`${name}, by which this change is judged, was ${known.version ?? "?"} and is ${locked.version ?? "?"}`]
      : [];
  });
  const shown = [...new Set(said)];
  const rest = shown.length - 5;
  return shown.length === 0
    ? []
    : [
        relaxation(
          "source",
          file,
          `decides what is installed: ${shown.slice(0, 5).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`,
        ),
      ];
}

function hostOf({ resolved = "" }: Locked): string {
  return (
    /^(?:git\+)?[a-z]+:\/\/(?:[^@/]*@)?([^/:]+)/.exec(resolved)?.[1] ?? (resolved.startsWith("file:") ? "a file" : "")
  );
}

function packagesOf(text: string | undefined): Readonly<Record<string, Locked>> | undefined {
  return json(text)?.["packages"] as Readonly<Record<string, Locked>> | undefined;
}

function json(text: string | undefined): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
