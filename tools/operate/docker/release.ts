import { setTimeout as sleep } from "node:timers/promises";
import type { DockerOperations } from "../../../stacks/operations";
import { routerSocket } from "../../../components/ingress/docker/haproxy-configuration";
import { OperateError, type Progress, type ReleaseOptions, type Stack } from "../contract";
import { judge, type Verdict } from "../judgement";
import type { Receipt } from "../../plan/receipt";
import { Candidates, partOf, secondsSince } from "./candidates";
import { type Engine, type Inspected, troubleOf } from "./engine";
import { Router } from "./router";
import { StackImage, StuckRelease } from "./stack-image";
import { componentOf, sorted } from "./state";
import { Traffic } from "./traffic";

/**
 * A release on one host. The new release runs beside the old one as candidates that the stack does not know, gets its
 * share by the router, and is judged by what the ingress logs. Only what has passed becomes the stack's image, by the
 * same `pulumi up` as ever, while the candidates serve. Until then the old release is untouched, so that whatever ends
 * this command leaves it serving.
 */
export async function releaseOnDocker(
  stack: Stack<DockerOperations>,
  engine: Engine,
  image: { readonly reference: string; readonly id: string; readonly labels: Readonly<Record<string, string>> },
  options: ReleaseOptions,
  progress: Progress,
): Promise<Receipt> {
  const { operations } = stack;
  const startedAt = new Date();
  const started = performance.now();
  const { stable, ingress, router } = await preflight(stack, engine, progress);
  const traffic = new Traffic(ingress.Id);
  const candidates = new Candidates(engine, operations, stable[0]!, image);
  const seconds: { -readonly [Stage in keyof Receipt["seconds"]]: Receipt["seconds"][Stage] } = { total: 0 };
  const steps: Receipt["steps"][number][] = [];
  let migration: Receipt["migration"];
  let stage: "refused" | "returned" = "refused";

  const end = (outcome: Receipt["outcome"], reason?: string): Receipt => {
    const { samples } = traffic;
    const commit = image.labels["org.opencontainers.image.revision"];
    return {
      version: 1,
      ...{ stack: stack.name, target: "docker", strategy: operations.release.strategy, outcome },
      ...(reason !== undefined && { reason }),
      ...{ startedAt: startedAt.toISOString(), endedAt: new Date().toISOString() },
      image: { reference: image.reference, digest: image.id, ...(commit !== undefined && { commit }) },
      previous: { reference: operations.image, digest: stable[0]!.Image },
      ...(migration !== undefined && { migration }),
      requests: {
        total: samples.length,
        newRelease: samples.filter(({ release }) => release === "candidate").length,
        failed: samples.filter(({ status }) => status >= 500).length,
        slowestSeconds: samples.reduce((slowest, sample) => Math.max(slowest, sample.seconds), 0),
      },
      steps,
      seconds: { ...seconds, total: secondsSince(started) },
      judge: "errors and p95 in the ingress' log, new release against old",
    };
  };

  try {
    migration = await candidates.migrate();
    if (migration !== undefined) progress("migration", `exit ${migration.exitCode}, ${migration.seconds} s`);
    await candidates.start();
    seconds.ready = secondsSince(started);
    progress("ready", `${operations.replicas} of ${operations.replicas} replicas, ${seconds.ready} s`);
    const addresses = await candidates.addresses();
    await router.admit(addresses);
    await router.pin(await deployments(engine, operations, stable, candidates.ids));
    for (const { weight, watchSeconds } of plan(operations, options)) {
      stage = "returned";
      const from = Date.now();
      await router.share(weight);
      const verdict = await watch(traffic, router, candidates, {
        ...{ from, releaseFrom: startedAt.getTime(), seconds: watchSeconds, whole: weight === 100 },
        minimumRequests: options.minimumRequests,
      });
      const step = { weight, seconds: Math.round((Date.now() - from) / 1000), reason: verdict.reason };
      steps.push({
        ...step,
        result: verdict.result === "passed" ? "passed" : "failed",
        candidate: verdict.candidate,
        stable: verdict.stable,
      });
      progress(`${weight} %`, `${verdict.reason}   (${verdict.candidate.requests} requests)   ${verdict.result}`);
      if (verdict.result !== "passed") throw new OperateError(verdict.reason);
    }
    seconds.switch = secondsSince(started);
    const stackImage = await StackImage.of(stack, options);
    const adopting = Date.now();
    await stackImage.take(image.reference, migration !== undefined);
    const adopted = Date.now();
    progress("stack", `pulumi up, ${secondsSince(started)} s`);
    const draining = performance.now();
    await router.withdraw();
    await drain(router, candidates, operations);
    seconds.drain = secondsSince(draining);
    // What was answered last is in the log by then.
    await sleep(1000);
    const replicas = await engine.containers(partOf(operations, operations.service));
    const news = replicas.filter(({ Id }) => stable.every((old) => old.Id !== Id));
    const late = worse(traffic, { began: startedAt.getTime(), adopting, adopted }, news, options);
    if (late === undefined) return end("released");
    steps.push({ weight: 100, seconds: seconds.drain, result: "failed", ...late });
    progress("stack", `${late.reason}: the previous image again`);
    const returning = performance.now();
    await stackImage.giveBack(image.reference, late.reason);
    seconds.return = secondsSince(returning);
    return end("returned", late.reason);
  } catch (error) {
    const returning = performance.now();
    await router.withdraw();
    seconds.return = secondsSince(returning);
    await drain(router, candidates, operations);
    if (!(error instanceof OperateError) || error instanceof StuckRelease) throw error;
    return end(stage, error.message);
  } finally {
    traffic.stop();
  }
}

interface Preflight {
  readonly stable: readonly Inspected[];
  readonly ingress: Inspected;
  readonly router: Router;
}

/** Everything that is wrong, before anything is changed; what an interrupted release left behind goes. */
async function preflight(stack: Stack<DockerOperations>, engine: Engine, progress: Progress): Promise<Preflight> {
  const { operations } = stack;
  const of = (component: string) => engine.containers(partOf(operations, component));
  const [{ stable, orphans }, routers, [ingress]] = await Promise.all([
    sorted(stack, engine),
    of("router"),
    of("ingress"),
  ]);
  const problems = [
    ...(ingress === undefined ? ["nginx does not run"] : []),
    ...(routers.length === 0 ? ["the router does not run"] : []),
    ...(stable.length === 0 ? ["no replica of the stack runs"] : []),
  ];
  if (problems.length > 0) {
    throw new OperateError(`${stack.name} cannot take a release now: ${problems.join("; ")}. pulumi up puts it right.`);
  }
  const unwell = stable.filter(({ State }) => State.Health?.Status !== "healthy");
  // No reason to refuse: the new release may be what puts it right.
  if (unwell.length > 0)
    progress("careful", `${unwell.length} of ${stable.length} replicas of the old release are not healthy`);
  const router = new Router(
    engine,
    routers.map(({ Id }) => Id),
    operations.port,
  );
  const leftOver = [
    ...(await engine.containers(partOf(operations, "candidate"), true)),
    ...(await engine.containers(partOf(operations, "candidate-migrate"), true)),
  ];
  if (leftOver.length > 0) {
    if ((await router.weight()) > 0) {
      throw new OperateError(`another release of ${stack.name} is going on: slipway status ${stack.name}`);
    }
    await router.withdraw();
    for (const { Id } of leftOver) await engine.stop(Id, operations.stopSeconds);
    for (const { Id } of leftOver) await engine.remove(Id);
    progress("tidied", `${leftOver.length} containers of a release that was interrupted`);
  }
  // In no state of the stack. A replica is in no routing then, and a router is for as long as it is in charge.
  const isIdle = async ({ Config, Id }: Inspected) => {
    if (componentOf(Config) !== "router") return componentOf(Config) === operations.service;
    const inCharge = await engine.exec(Id, "readlink", routerSocket.current).catch(() => "");
    return !inCharge.startsWith(Config.Hostname);
  };
  const idle: Inspected[] = [];
  for (const orphan of orphans) if (await isIdle(orphan)) idle.push(orphan);
  for (const { Id } of idle) await engine.stop(Id, operations.stopSeconds);
  for (const { Id } of idle) await engine.remove(Id);
  if (idle.length > 0) progress("tidied", `${idle.length} containers that the stack does not know`);
  return { stable, ingress: ingress!, router };
}

interface Step {
  readonly weight: number;
  readonly watchSeconds: number;
}

/** The shares that a new release gets, one after the other. */
export function plan(
  { release, replicas }: DockerOperations,
  { stepSeconds, bakeSeconds }: Pick<ReleaseOptions, "stepSeconds" | "bakeSeconds">,
): Step[] {
  const bake = (minutes: number) => ({ weight: 100, watchSeconds: bakeSeconds ?? minutes * 60 });
  switch (release.strategy) {
    case "rolling": {
      // Replica by replica, as a controller would replace them.
      const watchSeconds = stepSeconds ?? 30;
      return Array.from({ length: replicas }, (_, index) => ({
        weight: Math.round(((index + 1) / replicas) * 100),
        watchSeconds,
      }));
    }
    case "blue-green":
      return [bake(release.bakeMinutes)];
    case "canary":
      return [
        { weight: release.weightPercent, watchSeconds: stepSeconds ?? release.stepMinutes * 60 },
        bake(release.bakeMinutes),
      ];
    case "linear": {
      const watchSeconds = stepSeconds ?? release.stepMinutes * 60;
      const count = Math.ceil(100 / release.weightPercent) - 1;
      return [
        ...Array.from({ length: count }, (_, index) => ({ weight: (index + 1) * release.weightPercent, watchSeconds })),
        bake(release.bakeMinutes),
      ];
    }
  }
}

/** Ends with the step, or as soon as enough requests have gone wrong. */
async function watch(
  traffic: Traffic,
  router: Router,
  candidates: Candidates,
  step: { from: number; releaseFrom: number; seconds: number; minimumRequests: number; whole: boolean },
): Promise<Verdict> {
  // With the whole traffic on the new release, the old one's metrics are those from before.
  const stableFrom = step.whole ? step.releaseFrom : step.from;
  // A stack without a bake time is judged on the first requests all the same.
  const until = Date.now() + Math.max(step.seconds, 5) * 1000;
  for (;;) {
    await sleep(Math.min(1000, Math.max(0, until - Date.now())));
    if (router.isLost)
      throw new OperateError("its share was taken back, by slipway rollback or by a router that started anew");
    await candidates.assertWell();
    const [candidate, stable] = [traffic.since(step.from, "candidate"), traffic.since(stableFrom, "stable")];
    const verdict = judge(candidate, stable, step, Date.now() >= until);
    if (verdict.result !== "undecided") return verdict;
  }
}

/** What the new release did since `pulumi up` began: the candidates went on answering, and the stack's own replicas are new. */
export function worse(
  traffic: Pick<Traffic, "since">,
  times: { readonly began: number; readonly adopting: number; readonly adopted: number },
  replicas: readonly Inspected[],
  { minimumRequests }: Pick<ReleaseOptions, "minimumRequests">,
): (Pick<Verdict, "candidate" | "stable"> & { readonly reason: string }) | undefined {
  const latest = [...traffic.since(times.adopting, "candidate"), ...traffic.since(times.adopted, "stable")];
  const before = traffic.since(times.began, "stable").filter(({ at }) => at < times.adopting);
  // Not by its times: containers that start make a host slow.
  const { candidate, stable, result, reason } = judge(
    latest,
    before,
    { minimumRequests, p95Allowance: Infinity },
    false,
  );
  const trouble = replicas.map((replica) => troubleOf(replica, 0)).find((each) => each !== undefined);
  if (result !== "failed" && trouble === undefined) return undefined;
  const what = trouble === undefined ? reason : `a replica ${trouble}`;
  return { candidate, stable, reason: `${what}, since pulumi up began` };
}

/** By the deployment id that each release says of itself; without one, nobody can ask for a release. */
async function deployments(
  engine: Engine,
  { port, readyPath }: DockerOperations,
  stable: readonly Inspected[],
  candidates: readonly string[],
): Promise<Record<string, "stable" | "candidate">> {
  const ask = async (id: string): Promise<string | undefined> => {
    const script = `fetch("http://127.0.0.1:${port}${readyPath}").then((r) => r.json()).then(({ deploymentId }) => console.log(deploymentId ?? ""), () => {})`;
    const said = await engine.exec(id, "node", "-e", script).catch(() => "");
    return /^[\w.-]{1,128}$/.test(said) ? said : undefined;
  };
  const [old, next] = await Promise.all([ask(stable[0]!.Id), ask(candidates[0]!)]);
  if (old === undefined || next === undefined || old === next) return {};
  return { [old]: "stable", [next]: "candidate" };
}

async function drain(
  router: Router,
  candidates: Candidates,
  { drainSeconds, stopSeconds }: DockerOperations,
): Promise<void> {
  const until = Date.now() + (stopSeconds - drainSeconds) * 1000;
  while (Date.now() < until && (await router.inFlight()) > 0) await sleep(300);
  await candidates.stop(stopSeconds);
}
