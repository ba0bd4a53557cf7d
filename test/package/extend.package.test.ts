import { deepEqual, equal, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectDir } from "../project";

/** What somebody does who adds one thing: texts that are put after others, and files of their own. */
interface Addition {
  /** [file, the text before it, what is added after that]. */
  readonly edits: readonly (readonly [file: string, after: string, added: string])[];
  readonly files?: Readonly<Record<string, string>>;
  /** A program that ends with 0 where the addition works. `plan(target, settings)` is test/parity's. */
  readonly works: string;
  /** Files touched outside of its own, at most. */
  readonly most: number;
}

const additions: Readonly<Record<string, Addition>> = {
  setting: {
    most: 5,
    edits: [
      [
        "stacks/settings/sections/service.ts",
        "  .strictObject({\n",
        '    warmSeconds: whole(0, 60, { description: "Time a replica warms up.", unit: "seconds", on: servers }),\n',
      ],
      ["stacks/settings/presets.ts", "  service: {\n", "    warmSeconds: 5,\n"],
      ["stacks/application.ts", "    AUTH_URL: url,\n", "    WARM_SECONDS: String(service.warmSeconds),\n"],
    ],
    works:
      'ok(JSON.stringify((await plan("docker", { service: { warmSeconds: 7 } })).resources).includes("WARM_SECONDS=7"))',
  },
  signal: {
    most: 1,
    edits: [
      [
        "components/monitoring/signals.ts",
        "export const signals: readonly Signal[] = [\n",
        `{ id: "requests", title: "Requests", alarm: "Too many requests", of: "ingress", severity: "ticket", runbook: "Scale.",
           forMinutes: 5, unit: "count", above: 1000,
           cloudWatch: { namespace: "AWS/ApplicationELB", dimensions: ["LoadBalancer"], metrics: { all: { name: "RequestCount", statistic: "Sum" } } },
           prometheus: { application: 'sum(rate(http_requests_total{job="$job"}[5m]))' } },\n`,
      ],
    ],
    works:
      'for (const target of ["aws-ecs", "kubernetes", "docker"]) ok(JSON.stringify((await plan(target)).resources).includes("Too many requests"), target)',
  },
  component: {
    most: 1,
    edits: [["components/docker.ts", "", 'export { DockerQueue } from "./queue/docker-queue";\n']],
    files: {
      "components/queue/docker-queue.ts": `import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hardened, labels } from "../shared/docker-container";
export class DockerQueue extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("slipway:queue:DockerQueue", name, {}, options);
    new docker.Container(name, { ...hardened({ cpuMillis: 250, memoryMb: 64 }), image: "nats:2.12", labels: labels(name) }, { parent: this });
    this.registerOutputs({});
  }
}
`,
    },
    works: `const { DockerQueue } = require("./components/docker");
      equal((await record(() => void new DockerQueue("queue"))).resources.filter(({ type }) => /container:Container$/.test(type)).length, 1)`,
  },
  target: {
    most: 12,
    edits: [
      ["stacks/settings/settings.ts", "export const targets = [", '"static", '],
      [
        "stacks/settings/settings.ts",
        "export interface SettingsByTarget {\n",
        '  readonly static: Stack<"static"> & FromRegistry;\n',
      ],
      ["stacks/targets.ts", "", 'import { staticTarget } from "./static/target";\n'],
      [
        "stacks/targets.ts",
        "export const targetDefinitions: { readonly [Name in Target]: TargetDefinition<Name> } = {\n",
        "  static: staticTarget,\n",
      ],
      ["stacks/settings/formats.ts", "export const servers = [", '"static", '],
    ],
    files: {
      "stacks/static/target.ts": `import type { TargetDefinition } from "../targets";
export const staticTarget: TargetDefinition<"static"> = {
  implementations: { database: ["external", "none"], cache: ["none"], cdn: ["none"], storage: ["none"] },
  reason: "nothing but files is there",
  preset: (common) => common,
  constraints: [],
  warnings: [],
  place: "a folder",
  regional: false,
  unpriced: "free",
  sdks: [], load: () => (require("./stack") as typeof import("./stack")).staticStack,
};
`,
      "stacks/static/stack.ts": `import * as random from "@pulumi/random";
import type { StackOutputs } from "../outputs";
import type { SettingsByTarget } from "../settings/settings";
export function staticStack({ domain }: SettingsByTarget["static"]): StackOutputs {
  new random.RandomId("site", { byteLength: 4 });
  return { url: \`https://\${domain}\`, health: "", dashboard: "", logs: "", rollback: "" };
}
`,
    },
    works: `const settings = resolveSettings("test", { target: "static", domain: "a.example.com", image: "a/b:1", database: { implementation: "none" } }, {});
      equal((await record(() => runStack(settings))).outputs.url, "https://a.example.com")`,
  },
  "workload kind": {
    most: 6,
    edits: [
      [
        "stacks/settings/sections/processes.ts",
        "",
        "export const daemons = z.record(z.string(), z.strictObject({ command: z.array(z.string()) }));\n",
      ],
      ["stacks/settings/schema.ts", "import { jobs, workers", ", daemons"],
      ["stacks/settings/schema.ts", "  jobs: jobs.optional(),\n", "  daemons: daemons.optional(),\n"],
      ["stacks/settings/settings.ts", "import type { jobs, workers", ", daemons"],
      [
        "stacks/settings/settings.ts",
        "  readonly jobs: z.infer<typeof jobs>;\n",
        "  readonly daemons: z.infer<typeof daemons>;\n",
      ],
      ["stacks/settings/load.ts", "    jobs: file.jobs ?? {},\n", "    daemons: file.daemons ?? {},\n"],
      [
        "stacks/docker/stack.ts",
        "  const place = { network, uploads: uploads?.volume };\n",
        `  eachOf(settings.daemons, (daemon, declared) => new (require("../../components/workload/docker/daemon") as typeof import("../../components/workload/docker/daemon")).DockerDaemon(
           \`\${name}-daemon-\${daemon}\`, { ...place, process: { ...processArgs(settings, declared), image, environment } }, after));\n`,
      ],
    ],
    files: {
      "components/workload/docker/daemon.ts": 'export { DockerWorker as DockerDaemon } from "./worker";\n',
    },
    works:
      'ok((await plan("docker", { daemons: { log: { command: ["node", "log.js"] } } })).resources.some(({ name }) => name.includes("daemon-log")))',
  },
  rule: {
    most: 1,
    edits: [
      ["policy/rules/docker/index.ts", "", 'import dockerLabelled from "./container/docker-labelled";\n'],
      ["policy/rules/docker/index.ts", "export const dockerRules: readonly Rule[] = [", "dockerLabelled, "],
    ],
    files: {
      "policy/rules/docker/container/docker-labelled.ts": `import { defineRule } from "../../../rule";
export default defineRule({
  id: "docker-labelled", title: "Containers have labels", severity: "low", level: "advisory",
  appliesTo: ["docker:index/container:Container"], references: [], why: "They are found by them.", fix: "Set labels.",
  judge(container, { fail }) {
    const labels = container.get("labels");
    if (labels.absent) fail(labels, "It has none.");
  },
});
`,
    },
    works: 'const { findRule } = require("./policy/catalogue"); ok(findRule("docker-labelled"))',
  },
};

/** docs/architecture.md lists for each of these which files, in which order. Here they are added, to a copy, by script. */
describe("adding to the program, as docs/architecture.md says", function () {
  this.timeout(600_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-extend-"));
    for (const part of [
      "stacks",
      "components",
      "policy",
      "tools",
      "test",
      "index.ts",
      "package.json",
      "tsconfig.json",
      "Pulumi.yaml",
    ])
      cpSync(join(projectDir, part), join(folder, part), { recursive: true });
    mkdirSync(join(folder, "packages/next"), { recursive: true });
    cpSync(join(projectDir, "packages/next/contract.json"), join(folder, "packages/next/contract.json"));
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const docs = readFileSync(join(projectDir, "docs", "architecture.md"), "utf8");

  for (const [kind, { edits, files = {}, most, works }] of Object.entries(additions)) {
    it(`a ${kind} touches ${most} files at most`, () => {
      for (const [file, after, added] of edits) {
        const text = readFileSync(join(folder, file), "utf8");
        const at = text.indexOf(after);
        ok(at >= 0, `${file} has no ${JSON.stringify(after)} any more`);
        const place = at + after.length;
        writeFileSync(join(folder, file), text.slice(0, place) + added + text.slice(place));
      }
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
      const touched = [...new Set(edits.map(([file]) => file))];
      ok(touched.length <= most, touched.join(", "));
      const section = docs.split(/^\| /m).find((row) => row.startsWith(`${kind} |`));
      ok(section, `docs/architecture.md has no row for a ${kind}`);
      deepEqual(
        touched.filter((file) => !section.includes(`\`${file}\``)),
        [],
        "not in the row of docs/architecture.md",
      );

      const program = `
        const { equal, ok } = require("node:assert/strict");
        const { record } = require("./test/record");
        const { runStack } = require("./stacks/targets");
        const { resolveSettings } = require("./stacks/settings/load");
        const { planOf: plan } = require("./test/parity/targets");
        (async () => { ${works} })().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });`;
      const { status, stderr } = spawnSync(
        process.execPath,
        ["-r", join(folder, "tools/typescript.cjs"), "-e", program],
        { cwd: folder, encoding: "utf8" },
      );
      equal(status, 0, stderr);
    });
  }

  it("and all of it compiles", () => {
    const config = { extends: "./tsconfig.json", include: ["index.ts", "components", "stacks", "policy", "tools"] };
    writeFileSync(join(folder, "tsconfig.program.json"), JSON.stringify(config));
    const compiler = join(projectDir, "node_modules/typescript/bin/tsc");
    const args = ["--noEmit", "--incremental", "false", "-p", "tsconfig.program.json"];
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...args], { cwd: folder, encoding: "utf8" });
    equal(status, 0, stdout);
  });
});
