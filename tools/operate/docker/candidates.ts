import type { DockerOperations } from "../../../stacks/operations";
import { routing } from "../../../components/ingress/docker/haproxy-configuration";
import { OperateError } from "../contract";
import type { Engine, Inspected, Sought } from "./engine";

const labelsOf = ({ stack }: DockerOperations, component: string) => ({
  "app.slipway.stack": stack,
  "app.slipway.component": component,
});

/** Stacks of several projects on one host may have one name, and never one network. */
export const partOf = (operations: DockerOperations, component: string): Sought => ({
  labels: labelsOf(operations, component),
  networks: Object.values(operations.networks),
});

/** The replicas of a new release, before the stack knows them. They are like the stable ones but for the image. */
export class Candidates {
  ids: string[] = [];
  private restarts = new Map<string, number>();

  constructor(
    private readonly engine: Engine,
    private readonly operations: DockerOperations,
    private readonly like: Inspected,
    private readonly image: { readonly reference: string; readonly id: string },
  ) {}

  /** The migration in the new image, to its end. */
  async migrate(): Promise<{ exitCode: number; seconds: number } | undefined> {
    const { migration } = this.operations;
    if (migration === undefined) return undefined;
    const started = performance.now();
    const id = await this.create("candidate-migrate", {
      command: migration.command,
      networks: [migration.network],
      healthcheck: false,
      variables: migration.variables,
      volumes: migration.volumes,
      withheld: migration.withheld,
    });
    try {
      const exitCode = await this.engine.untilEnd(id);
      if (exitCode !== 0) {
        throw new OperateError(`the migration failed with exit code ${exitCode}\n${await this.engine.lastLines(id)}`);
      }
      return { exitCode, seconds: secondsSince(started) };
    } finally {
      await this.engine.remove(id);
    }
  }

  /** As many replicas as the stack has, all healthy. */
  async start(): Promise<void> {
    const { replicas, networks, startupSeconds } = this.operations;
    for (let index = 1; index <= Math.min(replicas, routing.candidates.length); index += 1) {
      this.ids.push(
        await this.create(`candidate-${index}`, { networks: [networks.internal, networks.edge], healthcheck: true }),
      );
    }
    await Promise.all(this.ids.map((id) => this.engine.untilHealthy(id, startupSeconds + 30)));
    for (const id of this.ids) this.restarts.set(id, (await this.engine.inspect(id))?.RestartCount ?? 0);
  }

  /** Fails when one is not: the router sends its requests elsewhere, so that no request would say so. */
  assertWell(): Promise<void> {
    return this.engine.assertWell(this.restarts);
  }

  async addresses(): Promise<string[]> {
    const { internal } = this.operations.networks;
    const inspected = await Promise.all(this.ids.map((id) => this.engine.inspect(id)));
    return inspected.map((container) => container!.NetworkSettings.Networks[internal]!.IPAddress);
  }

  /** They get no new requests any more; what is in flight may end. */
  async stop(seconds: number): Promise<void> {
    await Promise.all(this.ids.map((id) => this.engine.stop(id, seconds)));
    await this.remove();
  }

  async remove(): Promise<void> {
    // One after the other: Docker 20.10 can lock up for good when many leave their networks at once.
    for (const id of this.ids) await this.engine.remove(id);
    this.ids = [];
  }

  private create(
    role: string,
    {
      variables,
      ...more
    }: {
      readonly command?: readonly string[];
      readonly networks: readonly string[];
      readonly healthcheck: boolean;
      readonly variables?: Readonly<Record<string, string>>;
      readonly volumes?: Readonly<Record<string, string>>;
      readonly withheld?: readonly string[];
    },
  ): Promise<string> {
    const component = role.startsWith("candidate-migrate") ? "candidate-migrate" : "candidate";
    return this.engine.createLike(this.like, {
      ...more,
      image: this.image.id,
      name: `${this.operations.service}-${role}-${Date.now().toString(36)}`,
      labels: { ...labelsOf(this.operations, component), "app.slipway.image": this.image.reference },
      environment: { RELEASE: this.image.reference, ...variables },
    });
  }
}

export const secondsSince = (started: number) => Math.round((performance.now() - started) / 100) / 10;
