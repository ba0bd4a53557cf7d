import type { DockerOperations } from "../../../stacks/operations";
import {
  type Driver,
  type LogOptions,
  OperateError,
  type Progress,
  type ReleaseOptions,
  type Stack,
  type Status,
} from "../contract";
import type { Receipt } from "../../plan/receipt";
import { attached } from "../stack";
import { lastRestoredOf } from "../data/contract";
import { dockerData } from "../data/docker";
import { partOf } from "./candidates";
import { Engine, type Inspected } from "./engine";
import { isInMaintenance, keep, receipts, setMaintenance } from "./receipts";
import { releaseOnDocker } from "./release";
import { Router } from "./router";

/** One Docker host: docs/releases.md. */
export function dockerDriver(stack: Stack<DockerOperations>): Driver {
  const engine = new Engine();
  const { operations } = stack;
  const running = (component: string) => engine.containers(partOf(operations, component));

  async function release(options: ReleaseOptions, progress: Progress): Promise<Receipt> {
    const reference = options.image ?? (await configuredImage(stack));
    const image = await engine.image(reference);
    const receipt = await releaseOnDocker(stack, engine, { reference, ...image }, options, progress);
    const restored = { ...receipt, ...(await lastRestored(operations)) };
    await keep(operations, restored);
    return restored;
  }

  return {
    release,

    async rollback(options, progress) {
      const [candidate] = await running("candidate");
      if (candidate !== undefined) {
        const router = await routerOf();
        await router.withdraw();
        throw new OperateError(
          `the release in progress gets no requests any more; the command that drives it ends with exit code 3. ${operations.image} serves.`,
        );
      }
      const previous = (await receipts(operations)).find(
        ({ outcome, image }) => outcome === "released" && image.reference === operations.image,
      )?.previous;
      if (previous === undefined) {
        throw new OperateError(
          `no receipt names the release that preceded ${operations.image}: slipway release --image REF`,
        );
      }
      return release({ ...options, image: previous.reference }, progress);
    },

    async status(): Promise<Status> {
      const [stable, candidate] = await Promise.all([running(operations.service), running("candidate")]);
      const weight = candidate.length === 0 ? 0 : await (await routerOf()).weight();
      const known = stable.filter(({ Name }) => operations.containers.includes(Name.slice(1)));
      return {
        releases: [
          row("stable", operations.image, 100 - weight, known),
          ...(candidate.length === 0
            ? []
            : [row("candidate", candidate[0]!.Config.Labels["app.slipway.image"] ?? "", weight, candidate)]),
        ],
        leftOver: [
          ...stable
            .filter((each) => !known.includes(each))
            .map(({ Name }) => `${Name.slice(1)}: in no state of the stack`),
          ...(candidate.length > 0 && weight === 0
            ? ["candidates of a release that was interrupted: slipway release removes them"]
            : []),
        ],
        receipts: await receipts(operations),
        maintenance: await isInMaintenance(operations),
        ...(await lastRestored(operations)),
      };
    },

    maintenance: (on) => setMaintenance(operations, on),

    async logs({ follow, since }: LogOptions) {
      const replicas = [...(await running(operations.service)), ...(await running("candidate"))];
      const codes = await Promise.all(
        replicas.map(({ Id }) => attached("docker", ["logs", "--since", since, ...(follow ? ["--follow"] : []), Id])),
      );
      return Math.max(0, ...codes);
    },

    async exec(command) {
      const [replica] = await running(operations.service);
      if (replica === undefined) throw new OperateError(`no replica of ${stack.name} runs`);
      return attached("docker", [
        "exec",
        "--interactive",
        ...(process.stdin.isTTY ? ["--tty"] : []),
        replica.Id,
        ...command,
      ]);
    },
  };

  async function routerOf(): Promise<Router> {
    return new Router(
      engine,
      (await running("router")).map(({ Id }) => Id),
      operations.port,
    );
  }
}

function row(
  name: "stable" | "candidate",
  image: string,
  weight: number,
  containers: readonly Inspected[],
): Status["releases"][number] {
  return {
    ...{ name, image, weight, replicas: containers.length },
    healthy: containers.filter(({ State }) => State.Health?.Status === "healthy").length,
    since: containers[0]?.State.StartedAt ?? "",
  };
}

/** Nothing where there is no database of the stack, or where its container is down: a release does not wait for that. */
async function lastRestored({ backup }: DockerOperations): Promise<Pick<Receipt, "lastRestoredBackup">> {
  return backup === undefined ? {} : lastRestoredOf(() => dockerData(backup.container));
}

/** Without `--image`, what the stack file says now. */
async function configuredImage(stack: Stack): Promise<string> {
  const image = await stack.pulumi("config", "get", "slipway:image").catch(() => undefined);
  if (image !== undefined) return image;
  throw new OperateError(
    `${stack.name} builds its image itself, and has none to release: slipway release ${stack.name} --image REF, or pulumi up`,
  );
}
