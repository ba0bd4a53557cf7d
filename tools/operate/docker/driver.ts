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
import { attached, stackNamed, up } from "../stack";
import { lastRestoredOf } from "../data/contract";
import { dockerData } from "../data/docker";
import { partOf } from "./candidates";
import { Engine, type Inspected } from "./engine";
import { isInMaintenance, keep, receipts, setMaintenance } from "./receipts";
import { releaseOnDocker } from "./release";
import { Router } from "./router";
import { componentOf, sorted } from "./state";

/** One Docker host: docs/releases.md. */
export function dockerDriver(stack: Stack<DockerOperations>): Driver {
  const engine = new Engine();
  const { operations } = stack;
  const running = (component: string) => engine.containers(partOf(operations, component));

  async function release(options: ReleaseOptions, progress: Progress): Promise<Receipt> {
    const reference = options.image ?? (await configuredImage(stack));
    const image = await engine.image(reference);
    const complete = await completed(options, progress);
    const receipt = await releaseOnDocker(complete, engine, { reference, ...image }, options, progress);
    const restored = { ...receipt, ...(await lastRestored(operations)) };
    await keep(operations, restored);
    return restored;
  }

  /** Without a `pulumi up` that was interrupted: what it has made may serve already. */
  async function completed(options: ReleaseOptions, progress: Progress): Promise<Stack<DockerOperations>> {
    const { unfinished } = await sorted(stack, engine);
    if (unfinished.length === 0) return stack;
    await assertAlone();
    progress("complete", "pulumi up that was interrupted");
    await up(stack, options);
    return (await stackNamed(stack.name, stack.folder)) as Stack<DockerOperations>;
  }

  async function assertAlone(): Promise<void> {
    if ((await (await routerOf()).weight()) > 0)
      throw new OperateError(`another release of ${stack.name} is going on: slipway status ${stack.name}`);
  }

  return {
    release,

    async rollback(options, progress) {
      const router = await routerOf();
      const [candidate] = await running("candidate");
      if (candidate !== undefined && (await router.weight()) > 0) {
        await router.withdraw();
        throw new OperateError(
          `the release in progress gets no requests any more; the command that drives it ends with exit code 3. ${operations.image} serves.`,
        );
      }
      if ((await sorted(stack, engine)).unfinished.length > 0) {
        // A stack that builds its image has none to name.
        await configuredImage(stack);
        await stack.pulumi("config", "set", "slipway:image", operations.image);
        await up(stack, options);
        throw new OperateError(`pulumi up that was interrupted is taken back. ${operations.image} serves.`);
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
      const [{ stable, unfinished, orphans }, candidate] = await Promise.all([
        sorted(stack, engine),
        running("candidate"),
      ]);
      const weight = candidate.length === 0 ? 0 : await (await routerOf()).weight();
      return {
        releases: [
          row("stable", operations.image, 100 - weight, stable),
          ...(candidate.length === 0
            ? []
            : [row("candidate", candidate[0]!.Config.Labels["app.slipway.image"] ?? "", weight, candidate)]),
        ],
        leftOver: [
          ...(unfinished.length > 0
            ? ["replicas of a pulumi up that was interrupted: pulumi up completes it, slipway rollback takes it back"]
            : []),
          ...orphans.map((each) => `${each.Name.slice(1)}: in no state of the stack; ${remedy(each)}`),
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

  /** What has a name of its own is in the way of the next `pulumi up`; a router may be the one that serves until then. */
  function remedy({ Config, Name }: Inspected): string {
    switch (componentOf(Config)) {
      case operations.service:
        return "slipway release removes it";
      case "router":
        return `pulumi up, then docker rm -f ${Name.slice(1)}`;
      default:
        return `docker rm -f ${Name.slice(1)}, then pulumi up`;
    }
  }

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
