import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { engineVariables, linkProject, projectDir } from "../project";

/** The configuration in a stack file of this project. */
export function shipped(stack: string): Record<string, unknown> {
  const text = readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, unknown> }).config;
}

/** The project in a folder of its own, with a stack file of its own, a local backend, and the real engine. */
export class Workspace {
  private constructor(
    readonly folder: string,
    readonly stack: Stack,
  ) {}

  /**
   * `programs`: a folder whose programs, such as stand-ins for providers, come before those on PATH. `variables`: what
   * the providers are told beside that.
   */
  static async create(
    name: string,
    config: Readonly<Record<string, unknown>>,
    programs?: string,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Workspace> {
    const folder = mkdtempSync(join(tmpdir(), "slipway-engine-"));
    linkProject(folder);
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, workDir: folder },
      {
        pulumiHome: join(folder, ".pulumi-home"),
        envVars: {
          ...variables,
          PATH: [programs, join(projectDir, "node_modules/.bin"), process.env["PATH"]]
            .filter((part) => part !== undefined)
            .join(delimiter),
          ...engineVariables(folder),
        },
      },
    );
    const workspace = new Workspace(folder, stack);
    workspace.configure(config);
    return workspace;
  }

  /** Keys without a namespace are Slipway's. */
  configure(config: Readonly<Record<string, unknown>>): void {
    const keyed = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `slipway:${key}`, value]),
    );
    writeFileSync(join(this.folder, `Pulumi.${this.stack.name}.yaml`), stringify({ config: keyed }));
  }

  /** The engine's events of a preview. */
  async preview(): Promise<EngineEvent[]> {
    const events: EngineEvent[] = [];
    await this.stack.preview({ onEvent: (event) => void events.push(event) });
    return events;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
