import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolveSettings } from "../../../../../stacks/settings/load";
import { projectDir } from "../../../../project";
import { type Case, stackFileOf } from "./case";

/** A case in a folder of its own, with a program that reads its settings. The folder in which the command runs. */
export function lay(each: Case): { readonly folder: string; readonly cwd: string } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-corpus-"));
  const shipped = readFileSync(join(projectDir, "Pulumi.yaml"), "utf8")
    .replace("main: index.ts", "main: program.cjs")
    .replace(/\n {4}nodeargs: .*/, "");
  const { project = (text: string) => text, at = "Pulumi.test.yaml", projectAt = "Pulumi.yaml", cwd = "." } = each;
  const files = { [projectAt]: project(shipped), "package.json": "{}", [at]: stackFileOf(each) };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
  symlinkSync(join(__dirname, "program.cjs"), join(folder, "program.cjs"));
  mkdirSync(join(folder, cwd), { recursive: true });
  return { folder, cwd: join(folder, cwd) };
}

/** What a reader made of a case: settings, the keys of its problems, or no more than a refusal. */
export interface Answer {
  readonly settings?: unknown;
  readonly problems?: readonly string[];
  /** What was handed over in the namespace `x`, which no setting is in. */
  readonly values?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

let least: unknown;

const leastSettings = () =>
  resolveSettings(
    "test",
    {
      target: "docker",
      domain: "shop.example.com",
      image: "ghcr.io/acme/shop:1.4.2",
      docker: { backupsOnThisHostOnly: true },
    },
    {},
  );

/** Of settings, what differs from those of the least that a stack file says: the rest is the presets' to test. */
export function answerOf(
  { settings, problems }: { settings?: unknown; problems?: readonly string[] },
  config: Readonly<Record<string, string>>,
): Answer {
  const own = Object.entries(config).filter(([key]) => /^(x|aws|pulumi):/.test(key));
  // One has the value of a secret, the other what stands for it.
  const masked = (value: string) =>
    value.replace(/(?:https:\/\/hooks\.example\.com\/)?hunter2|encrypted-in-the-stack-file-[0-9a-f]{12}/g, "(secret)");
  const values =
    own.length === 0 ? {} : { values: Object.fromEntries(own.map(([key, value]) => [key, masked(value)])) };
  if (problems !== undefined) return { problems, ...values };
  const plain = (value: unknown) => JSON.parse(masked(JSON.stringify(value))) as Record<string, unknown>;
  const common = plain((least ??= leastSettings()));
  return {
    settings: Object.fromEntries(
      Object.entries(plain(settings)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(common[key])),
    ),
    ...values,
  };
}
