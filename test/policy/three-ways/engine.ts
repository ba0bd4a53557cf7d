import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { engineVariables, projectDir } from "../../project";
import { packSettings, type Violation } from "./answers";
import { project, scenario, stack } from "./scenario";

/** Answers for any provider: takes what it is given, and creates nothing. */
export const anyProvider = `#!${process.execPath}
const pulumi = require("@pulumi/pulumi");
pulumi.provider.main({
  version: "99.0.0",
  check: async (urn, olds, news) => ({ inputs: news }),
  diff: async () => ({}),
  create: async (urn, inputs) => ({ id: "created", outs: inputs }),
}, process.argv.slice(2));
`;

const program = `
const pulumi = require("@pulumi/pulumi");
const made = {};
const fill = (input) => {
  if (typeof input !== "object" || input === null) return input;
  if ("ref" in input) return made[input.ref].id;
  if (Array.isArray(input)) return input.map(fill);
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, fill(value)]));
};
for (const { type, name, inputs } of require("./scenario.json")) {
  made[name] = new pulumi.CustomResource(type, name, fill(inputs), { version: "99.0.0" });
}
`;

/** A project of its own folder and state, whose program registers the scenario. */
export class EngineProject {
  private readonly folder = mkdtempSync(join(tmpdir(), "three-ways-"));

  constructor() {
    this.write("package.json", { name: project, main: "index.js" });
    this.write("Pulumi.yaml", `name: ${project}\nruntime: nodejs\n`);
    this.write("index.js", program);
    this.write("scenario.json", scenario);
    this.write("policies.json", packSettings);
    symlinkSync(join(projectDir, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(join(this.folder, "state"));
    for (const name of new Set(scenario.map(({ type }) => type.split(":")[0] ?? ""))) {
      this.write(`bin/pulumi-resource-${name}`, anyProvider);
      chmodSync(join(this.folder, "bin", `pulumi-resource-${name}`), 0o755);
    }
    this.pulumi("stack", "init", stack);
  }

  preview(): string {
    return this.pulumi("preview", "--json", "--non-interactive");
  }

  /** What the pack says of the preview. */
  violations(): Violation[] {
    const pack = [
      "--policy-pack",
      join(projectDir, "policy"),
      "--policy-pack-config",
      join(this.folder, "policies.json"),
    ];
    return violationsIn(this.pulumi("preview", "--json", "--non-interactive", ...pack));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Mandatory failures make the engine exit with an error; its output is the answer all the same. */
  private pulumi(...args: string[]): string {
    return spawnSync("pulumi", args, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: [join(this.folder, "bin"), process.env.PATH].join(delimiter),
        NODE_PATH: join(projectDir, "node_modules"),
        ...engineVariables(join(this.folder, "state")),
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      },
    }).stdout;
  }

  private write(name: string, content: unknown): void {
    mkdirSync(join(this.folder, "bin"), { recursive: true });
    writeFileSync(join(this.folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** What a pack said in a stream of the engine's events. */
export function violationsIn(events: string): Violation[] {
  return events
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => {
      const event = (JSON.parse(line) as { policyEvent?: PolicyEvent }).policyEvent;
      if (!event) return [];
      const { policyName: rule, resourceUrn: urn, enforcementLevel: level, message } = event;
      return [{ rule, urn, level, message: message.trim() }];
    });
}

interface PolicyEvent {
  readonly policyName: string;
  readonly resourceUrn: string;
  readonly enforcementLevel: string;
  readonly message: string;
}
