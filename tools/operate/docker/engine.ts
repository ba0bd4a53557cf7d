import type Dockerode from "dockerode";
import type TarStream from "tar-stream";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { redacted } from "../../../components/shared/redacted";
import { OperateError } from "../contract";
import { printed } from "../stack";
import { dockerOverSsh } from "./over-ssh";
import { withheld } from "./withheld";

const elsewhere = { protocol: "http", host: "docker", port: 80 } as const;

export type Inspected = Dockerode.ContainerInspectInfo;

export interface Sought {
  readonly labels?: Readonly<Record<string, string>>;
  readonly networks?: readonly string[];
}

/** The Docker engine that DOCKER_HOST names, or this host's. What needs a terminal or credentials goes through its client. */
export class Engine {
  private readonly docker: Dockerode;

  constructor() {
    // Loaded when it is asked for: no other command needs it.
    const host = process.env["DOCKER_HOST"] ?? "";
    // Its own SSH client knows neither ~/.ssh/config nor known hosts.
    const options = host.startsWith("ssh://") && { ...elsewhere, agent: dockerOverSsh(host) };
    this.docker = new (require("dockerode") as typeof Dockerode)(options || undefined);
  }

  /** Containers with all of these labels, in one of these networks, oldest first. */
  async containers({ labels = {}, networks = [] }: Sought, all = false): Promise<Inspected[]> {
    const label = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    // None is no filter: an empty list would match nothing.
    const filters = { label, ...(networks.length > 0 && { network: [...networks] }) };
    const found = await this.docker.listContainers({ all, filters });
    const inspected = await Promise.all(found.map(({ Id }) => this.inspect(Id)));
    return inspected
      .filter((container) => container !== undefined)
      .sort((left, right) => left.Created.localeCompare(right.Created));
  }

  async inspect(id: string): Promise<Inspected | undefined> {
    return this.docker
      .getContainer(id)
      .inspect()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode === 404) return undefined;
        throw error;
      });
  }

  /** Id and labels of an image; pulled where it is not there, as the registry's sign-in is the client's. */
  async image(reference: string): Promise<{ id: string; labels: Readonly<Record<string, string>> }> {
    const inspect = () => this.docker.getImage(reference).inspect();
    const image = await inspect().catch(async (error: { statusCode?: number }) => {
      if (error.statusCode !== 404) throw error;
      await printed("docker", ["pull", "--quiet", reference]);
      return inspect();
    });
    return { id: image.Id, labels: image.Config.Labels ?? {} };
  }

  /** A container like another one, of another image. */
  async createLike(
    source: Inspected,
    more: {
      readonly image: string;
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly environment: Readonly<Record<string, string>>;
      readonly networks: readonly string[];
      readonly command?: readonly string[];
      readonly healthcheck: boolean;
      /** Secrets' volumes beside those of `source`, by folder. */
      readonly volumes?: Readonly<Record<string, string>>;
      /** Variables of `source`, secrets too, that it does not get. */
      readonly withheld?: readonly string[];
    },
  ): Promise<string> {
    const { Config, HostConfig } = source;
    const changed = Object.keys(more.environment);
    const own = withheld(more.withheld ?? [], {
      environment: await this.ownEnvironment(source),
      mounts: HostConfig.Mounts ?? [],
    });
    const [first, ...others] = more.networks;
    const container = await this.docker.createContainer({
      name: more.name,
      Image: more.image,
      User: Config.User,
      Env: [
        ...own.environment.filter((line) => !changed.includes(line.split("=")[0]!)),
        ...changed.map((name) => `${name}=${more.environment[name]!}`),
      ],
      Labels: { ...more.labels },
      ...(more.command && { Cmd: [...more.command] }),
      Healthcheck: more.healthcheck ? Config.Healthcheck : { Test: ["NONE"] },
      StopTimeout: (Config as { StopTimeout?: number }).StopTimeout,
      HostConfig: {
        ...HostConfig,
        NetworkMode: first!,
        Mounts: [...own.mounts, ...secretMounts(more.volumes ?? {})],
        ...(!more.healthcheck && { RestartPolicy: { Name: "no" } }),
      },
    });
    for (const network of others) await this.docker.getNetwork(network).connect({ Container: container.id });
    await container.start();
    return container.id;
  }

  /** Without what its image sets: the other image has its own. */
  private async ownEnvironment({ Config, Image }: Inspected): Promise<string[]> {
    const image = await this.docker.getImage(Image).inspect();
    return Config.Env.filter((line) => !(image.Config.Env ?? []).includes(line));
  }

  async untilHealthy(id: string, seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const state = (await this.inspect(id))?.State;
      if (state?.Health?.Status === "healthy") return;
      const crashed = state === undefined || !state.Running || state.Restarting;
      const unhealthy = state?.Health?.Status === "unhealthy";
      if (crashed || unhealthy || Date.now() > until) {
        const what = crashed
          ? `exited with code ${state?.ExitCode ?? "unknown"}`
          : `was not ready within ${Math.round(seconds)} s`;
        throw new OperateError(`a new replica ${what}\n${await this.lastLines(id)}`);
      }
      await sleep(300);
    }
  }

  /** Fails when one has ended, or is not healthy any more, since it was: `restarts` is how often each had been started again. */
  async assertWell(restarts: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, before] of restarts) {
      const found = await this.inspect(id);
      const trouble = troubleOf(found, before);
      if (trouble !== undefined) throw new OperateError(`a new replica ${trouble}\n${await this.lastLines(id)}`);
    }
  }

  async untilEnd(id: string): Promise<number> {
    const { StatusCode } = (await this.docker.getContainer(id).wait()) as { StatusCode: number };
    return StatusCode;
  }

  /** What it said last, and where the rest is. Without its secrets: it is kept in the receipt and shown in a pull request. */
  async lastLines(id: string, lines = 20): Promise<string> {
    const rest = `  all of it, while the container is there: docker logs ${id.slice(0, 12)}`;
    const secrets = await this.secretsOf(id).catch(() => undefined);
    if (secrets === undefined) return `  not shown, as its secrets could not be read to be left out\n${rest}`;
    const said = await printed("sh", ["-c", `docker logs --tail ${lines} ${id} 2>&1`]).catch(() => "");
    return `  ${redacted(said, secrets).split("\n").join("\n  ")}\n${rest}`;
  }

  /** Values of the secrets that a container has as files, whether it runs or not. */
  private async secretsOf(id: string): Promise<string[]> {
    const container = this.docker.getContainer(id);
    const { Mounts } = await container.inspect();
    const folders = Mounts.map(({ Destination }) => Destination).filter((path) => path.startsWith(secretsFolder));
    const values = await Promise.all(
      folders.map(async (path) => filesOf((await container.getArchive({ path })) as Readable)),
    );
    return values.flat();
  }

  async stop(id: string, seconds: number): Promise<void> {
    await this.docker
      .getContainer(id)
      .stop({ t: seconds })
      .catch(() => undefined);
  }

  async remove(id: string): Promise<void> {
    await this.docker
      .getContainer(id)
      .remove({ force: true })
      .catch(() => undefined);
  }

  /** What a command in a container printed. */
  exec(id: string, ...command: readonly string[]): Promise<string> {
    return printed("docker", ["exec", id, ...command]);
  }
}

/** Undefined: it runs as it did. */
export function troubleOf(container: Inspected | undefined, restarts: number): string | undefined {
  if (container === undefined) return "is gone";
  const { State, RestartCount } = container;
  const killed = State.OOMKilled ? ", killed for its memory" : "";
  if (RestartCount > restarts) return `ended and was started again${killed}`;
  if (!State.Running || State.Restarting) return `ended with exit code ${State.ExitCode}${killed}`;
  return State.Health?.Status === "unhealthy" ? "is not ready any more" : undefined;
}

const secretMounts = (volumes: Readonly<Record<string, string>>) =>
  Object.entries(volumes).map(([Target, Source]) => ({ Type: "volume" as const, Target, Source, ReadOnly: true }));

const secretsFolder = "/run/secrets/";

/** Contents of the files in a tar archive. */
async function filesOf(archive: Readable): Promise<string[]> {
  const files: Promise<string>[] = [];
  const { extract } = require("tar-stream") as typeof TarStream;
  const entries = extract().on("entry", ({ type }, content, next) => {
    if (type === "file") files.push(text(content));
    else content.resume();
    content.on("end", next);
  });
  await pipeline(archive, entries);
  return Promise.all(files);
}
