import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { bed, findProgram, run } from "./programs";

const repository = join(__dirname, "../..");

/** The engine on a copy of a shipped stack file, with a state of its own. It runs the same `index.ts` as everybody. */
export class Engine {
  private constructor(
    private readonly folder: string,
    private readonly stack: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async create(stack: string, kubeconfig: string): Promise<Engine> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-engine-"));
    await mkdir(join(folder, "state"));
    await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
    await cp(join(repository, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
    await cp(join(repository, "package.json"), join(folder, "package.json"));
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: slipway\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.cjs\n",
    );
    await writeFile(join(folder, "index.cjs"), program());

    const engine = new Engine(folder, stack, {
      ...process.env,
      PATH: [join(bed, "bin"), dirname(findProgram("pulumi")!), process.env["PATH"]].join(delimiter),
      KUBECONFIG: kubeconfig,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_HOME: process.env["PULUMI_HOME"] ?? join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
    await engine.pulumi("stack", "init", stack);
    return engine;
  }

  async pulumi(...args: readonly string[]): Promise<string> {
    return run(findProgram("pulumi")!, [...args, "--non-interactive"], undefined, { cwd: this.folder, env: this.env });
  }

  async set(key: string, value: string): Promise<void> {
    await this.pulumi("config", "set", "--stack", this.stack, key, value);
  }

  /** As a person does it: encrypted in the stack file. */
  async setSecret(path: string, value: string): Promise<void> {
    await this.pulumi("config", "set", "--stack", this.stack, "--secret", "--path", path, value);
  }

  /** Type and name of each resource, with what `preview` or `up` would do or did to it. */
  async operations(command: "preview" | "up"): Promise<Map<string, string>> {
    const flags = command === "up" ? ["--yes", "--skip-preview"] : [];
    const text = await this.pulumi(command, "--stack", this.stack, "--json", ...flags);
    return command === "preview" ? fromPreview(text) : fromEvents(text);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

interface Step {
  readonly op: string;
  readonly urn: string;
}

function fromPreview(text: string): Map<string, string> {
  return new Map((JSON.parse(text) as { steps: Step[] }).steps.map((step) => [nameOf(step.urn), step.op]));
}

function fromEvents(text: string): Map<string, string> {
  const events = text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Event] : []));
  return new Map(
    events.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent === undefined ? [] : [[nameOf(resourcePreEvent.metadata.urn), resourcePreEvent.metadata.op]],
    ),
  );
}

interface Event {
  readonly resourcePreEvent?: { readonly metadata: Step };
}

function nameOf(urn: string): string {
  const [type, name] = urn.split("::").slice(-2) as [string, string];
  return `${type.slice(type.lastIndexOf("$") + 1)} ${name}`;
}

/**
 * The program itself, after one change to it: nothing acts on objects here, so that the provider must not wait for a
 * Deployment to have replicas or for a Cluster to be ready.
 */
function program(): string {
  return `
    require(${JSON.stringify(join(repository, "tools/typescript.cjs"))});
    const pulumi = require("@pulumi/pulumi");
    pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
      if (!type.startsWith("kubernetes:") || props.metadata === undefined) return undefined;
      const { "pulumi.com/waitFor": _, ...annotations } = props.metadata.annotations ?? {};
      const metadata = { ...props.metadata, annotations: { ...annotations, "pulumi.com/skipAwait": "true" } };
      return { props: { ...props, metadata }, opts };
    });
    module.exports = require(${JSON.stringify(join(repository, "index.ts"))});
  `;
}
