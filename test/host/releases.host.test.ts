import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { Receipt } from "../../tools/plan/receipt";
import { freePort } from "../engine/workspace";
import type { State } from "./engine/up";
import { linkProject, projectDir } from "../project";
import { prepareImage, prepareSupporting } from "./images";
import { type LoadFigures, type LoadOptions, startLoad } from "./load";
import { watchLogs } from "./logs";
import { docker, run, works, removeStack } from "./run";

const strategies = {
  rolling: { strategy: "rolling" },
  "blue-green": { strategy: "blue-green", bakeMinutes: 1 },
  canary: { strategy: "canary", weightPercent: 20, stepMinutes: 1, bakeMinutes: 1 },
} as const;
/**
 * Releases on a real Docker engine, under the load of test/host/load.ts. The stack is Slipway's own; its resources are made
 * by the stand-in for the Pulumi engine in test/host/engine, since the engine cannot be had everywhere.
 */
describe("releases on one host, under load", function () {
  this.timeout(30 * 60_000);
  const stack = `rel-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "slipway-releases-"));
  const app = `slipway-site-${process.pid}`;
  const others = `slipway-others-${process.pid}`;
  const domain = "localhost";
  const rounds = Number(process.env["SLIPWAY_TEST_RELEASES"] ?? "1");
  let port = 0;
  let network: object;
  let images: Record<string, string>;
  let serving = "v0";

  before(async function () {
    const node = await prepareImage("node");
    const supporting = await prepareSupporting("nginx", "haproxy", "prometheus", "alertmanager");
    if (node === undefined || supporting === undefined) {
      console.log("      skipped: no Docker engine");
      return this.skip();
    }
    images = supporting;
    await build(node);
    port = await freePort();
    network = {
      httpPort: await freePort(),
      httpsPort: port,
      monitoringPort: await freePort(),
      trustedProxies: ["172.16.0.0/12", "192.168.0.0/16"],
    };
    linkProject(folder);
    configure("rolling", "v0");
    await command("pulumi", "up", "--stack", stack);
    // Another project's stack of the same name, in the middle of its own release.
    await run(docker, ["network", "create", `${others}-internal`]);
    for (const component of ["router", "candidate"]) {
      const labels = [`app.slipway.stack=${stack}`, `app.slipway.component=${component}`];
      const container = ["--name", `${others}-${component}`, "--network", `${others}-internal`];
      const started = [...container, ...labels.flatMap((label) => ["--label", label]), `${app}:v0`];
      await run(docker, ["run", "--detach", ...started]);
    }
  });

  after(async () => {
    await removeStack(stack);
    await run(docker, ["network", "rm", `${others}-internal`]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Good ones by number, bad ones by what is bad about them. */
  async function build(node: string): Promise<void> {
    const good = Array.from({ length: rounds * 3 + 10 }, (_, index) => [`v${index}`, "good"] as const);
    const bad = ["crash", "never-ready", "errors", "empty", "late", "slow", "leak"].map(
      (behaviour) => [behaviour, behaviour] as const,
    );
    for (const [tag, behaviour] of [...good, ...bad]) {
      const lines = [
        `FROM ${node}`,
        "COPY site.cjs /site.cjs",
        `ENV BUILD=${tag} BEHAVIOUR=${behaviour}`,
        'CMD ["node", "/site.cjs"]',
      ];
      const script = `tar -C ${projectDir}/test/host -c site.cjs | (mkdir -p ${folder}/image && tar -C ${folder}/image -x) && printf '%s\\n' "$@" >${folder}/image/Dockerfile && ${docker} build --quiet --tag ${app}:${tag} ${folder}/image`;
      await run("bash", ["-c", script, "bash", ...lines]);
    }
  }

  function configure(strategy: keyof typeof strategies, tag = serving): void {
    const settings = {
      ...{ target: "docker", preset: "development", domain, image: `${app}:${tag}`, images, network },
      ...{ cdn: { implementation: "nginx" }, release: strategies[strategy] },
      database: { implementation: "none" },
      cache: { implementation: "none" },
      storage: { implementation: "none" },
      service: { memoryMb: 256, drainSeconds: 2, graceSeconds: 20, startupSeconds: 20 },
    };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  }

  /** What a release goes by is what the stack was last told: its outputs. */
  async function adopt(strategy: keyof typeof strategies): Promise<void> {
    configure(strategy);
    await command("pulumi", "up", "--stack", stack);
  }

  const environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };
  const command = (program: string, ...args: readonly string[]) =>
    run(program, args, { cwd: folder, env: environment });
  const slipway = [join(projectDir, "tools", "slipway.cjs")];

  function release(
    tag: string,
    ...more: readonly string[]
  ): { child: ChildProcess; done: Promise<{ code: number; receipt?: Receipt; errors: string }> } {
    const times = ["--step-seconds", "8", "--bake-seconds", "8", "--minimum-requests", "10", "--json"];
    const args = [...slipway, "release", stack, "--cwd", folder, "--image", `${app}:${tag}`, ...times, ...more];
    // A group of its own, so that it can be killed together with the `pulumi up` that it runs.
    const child = spawn(process.execPath, args, {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let out = "";
    let errors = "";
    child.stdout.on("data", (text) => (out += String(text)));
    child.stderr.on("data", (text) => (errors += String(text)));
    const done = new Promise<{ code: number; receipt?: Receipt; errors: string }>((resolve) =>
      child.on("close", (code) =>
        resolve({ code: code ?? -1, errors, ...(out.startsWith("{") && { receipt: JSON.parse(out) as Receipt }) }),
      ),
    );
    return { child, done };
  }

  async function underLoad<T>(
    work: () => Promise<T>,
    more: Partial<LoadOptions> = {},
  ): Promise<{ result: T; load: LoadFigures }> {
    const logs = await watchLogs(stack);
    const load = startLoad({ port, domain, ...more });
    let result: T;
    try {
      result = await work();
      await sleep(2000);
    } finally {
      const { failures } = await load.stop();
      const complaints = logs.stop();
      if (failures.length > 0) console.log([...failures, ...complaints].join("\n"));
    }
    return { result, load: await load.stop() };
  }

  /** The build that answers now. */
  async function answering(): Promise<string> {
    const resolve = ["--resolve", `${domain}:${port}:127.0.0.1`];
    const text = await run("curl", ["-sk", ...resolve, `https://${domain}:${port}/api/data`]);
    return text.replace("data ", "");
  }
  const candidates = async () => {
    const labels = [`app.slipway.stack=${stack}`, "app.slipway.component=candidate"];
    const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
    const names = await run(docker, ["ps", "--all", "--format", "{{.Names}}", ...filters]);
    return names.split("\n").filter((name) => name !== `${others}-candidate`);
  };
  const say = (what: string, { requests, failures, mixed, slowestMs, builds }: LoadFigures, receipt?: Receipt) =>
    console.log(
      `      ${what}: ${requests} requests, ${failures.length} failed, ${mixed.length} mixed, slowest ${slowestMs} ms, ${JSON.stringify(builds)}` +
        (receipt === undefined
          ? ""
          : `, ready ${receipt.seconds.ready} s, total ${receipt.seconds.total} s` +
            (receipt.seconds.return === undefined ? "" : `, returned in ${receipt.seconds.return} s`)),
    );

  let next = 1;
  for (const strategy of Object.keys(strategies) as (keyof typeof strategies)[]) {
    it(`${strategy}: ${rounds} releases lose nothing`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        await adopt(strategy);
        const tag = `v${next++}`;
        const { result, load } = await underLoad(() => release(tag).done);
        say(`${strategy} ${tag}`, load, result.receipt);
        assert.equal(result.code, 0, `${result.errors}${result.receipt?.reason ?? ""}`);
        assert.equal(result.receipt?.outcome, "released");
        serving = tag;
        assert.deepEqual([load.failures, load.mixed], [[], []]);
        assert.equal(await answering(), tag);
        assert.deepEqual(await candidates(), []);
      }
    });
  }

  it("pulumi up alone: updates lose nothing", async () => {
    const { load } = await underLoad(
      async () => {
        for (let round = 0; round < rounds * 2; round += 1) {
          configure("rolling", `v${round % 2}`);
          await command("pulumi", "up", "--stack", stack);
        }
      },
      { each: 4, pauseMs: 20, manyClients: true },
    );
    say(`${rounds * 2} times pulumi up`, load);
    assert.deepEqual(load.failures, []);
    configure("rolling");
    await command("pulumi", "up", "--stack", stack);
  });

  it("Docker's DNS is silent for 40 s: nobody notices", async function () {
    const silence = async (change: "-I" | "-D") => {
      const ids = await run(docker, ["ps", "-q", "--filter", `label=app.slipway.stack=${stack}`]);
      const pids = await run(docker, ["inspect", "--format", "{{.State.Pid}}", ...ids.split("\n")]);
      for (const pid of pids.split("\n"))
        await run("nsenter", ["-t", pid, "-n", "iptables", change, "OUTPUT", "-d", "127.0.0.11", "-j", "DROP"]);
    };
    if (process.getuid?.() !== 0 || !(await works("iptables", "--version"))) return this.skip();
    const { load } = await underLoad(async () => {
      await silence("-I");
      await sleep(40_000);
      await silence("-D");
    });
    say("no DNS for 40 s", load);
    assert.deepEqual(load.failures, []);
  });

  for (const [bad, outcome, why] of [
    ["crash", "refused", /exited with code 1[^]*left-pad/],
    ["never-ready", "refused", /was not ready/],
    ["errors", "returned", /errors \d+\.\d % against 0\.0 %/],
    ["empty", "returned", /errors \d+\.\d % against 0\.0 %/],
    // While `pulumi up` replaces the stack's own replicas, or before.
    ["late", "returned", /errors \d+\.\d % against 0\.0 %/],
    ["slow", "returned", /p95 \d/],
    // Killed for its memory again and again.
    ["leak", "returned", /errors \d|p95 \d|no verdict|killed for its memory|started again/],
  ] as const) {
    it(`${bad}: ${outcome} by itself, and the old release serves`, async () => {
      await adopt("canary");
      const { result, load } = await underLoad(() => release(bad).done);
      say(bad, load, result.receipt);
      assert.equal(result.code, 3, result.errors);
      assert.equal(result.receipt?.outcome, outcome);
      assert.match(result.receipt?.reason ?? "", why);
      // Nothing failed beyond the canary's own share.
      const byCandidate = load.builds[bad] ?? 0;
      assert.ok(load.failures.length <= byCandidate, load.failures.join("\n"));
      if (outcome === "refused") assert.deepEqual(load.failures, []);
      assert.equal(await answering(), serving);
      assert.deepEqual(await candidates(), []);
    });
  }

  for (const [stage, seconds] of [
    ["migrating or starting", 2],
    ["with a share", 9],
    ["with all traffic", 16],
  ] as const) {
    it(`kill -9 ${stage}: the old release serves, and the next release is right`, async function () {
      // A release is judged by its latency too: on a busy machine a good one can be returned.
      this.retries(1);
      await adopt("canary");
      const { load } = await underLoad(async () => {
        const { child, done } = release(`v${next}`);
        await sleep(seconds * 1000);
        child.kill("SIGKILL");
        await done;
        // The share expires by itself.
        await sleep(35_000);
        assert.equal(await answering(), serving);
        const { code, errors, receipt } = await release(`v${next}`).done;
        assert.equal(code, 0, `${errors}${receipt?.reason ?? ""}`);
        serving = `v${next++}`;
      });
      say(`kill -9 ${stage}`, load);
      assert.deepEqual(load.failures, []);
      assert.equal(await answering(), serving);
      assert.deepEqual(await candidates(), []);
    });
  }

  for (const [stage, replaced] of [
    ["the first replica is replaced", 1],
    ["the router is replaced too", 3],
  ] as const) {
    it(`kill -9 of it and of its pulumi up, when ${stage}: what serves goes on, and the next release is right`, async () => {
      await adopt("blue-green");
      const { load } = await underLoad(async () => {
        const { child, done } = release(`v${next}`);
        const replacedSoFar = () =>
          (JSON.parse(readFileSync(join(folder, `${stack}.state.json`), "utf8")) as State).pending.filter(({ name }) =>
            /-app-\d+$|-router-server$/.test(name),
          ).length;
        for (const end = Date.now() + 120_000; replacedSoFar() < replaced; await sleep(20))
          assert.ok(Date.now() < end && child.exitCode === null, "pulumi up has replaced nothing");
        process.kill(-child.pid!, "SIGKILL");
        await done;
        await sleep(35_000);
        const status = await command(process.execPath, ...slipway, "status", stack, "--cwd", folder);
        assert.match(status, /left over .*pulumi up that was interrupted/);
        const { code, errors, receipt } = await release(`v${(next += 1)}`).done;
        assert.equal(code, 0, `${errors}${receipt?.reason ?? ""}`);
        serving = `v${next++}`;
      });
      say(`kill -9, ${stage}`, load);
      assert.deepEqual(load.failures, []);
      assert.equal(await answering(), serving);
      assert.deepEqual(await candidates(), []);
      const status = await command(process.execPath, ...slipway, "status", stack, "--cwd", folder);
      assert.doesNotMatch(status, /left over/);
    });
  }

  it("rollback: the previous image again, by one command", async () => {
    const args = [
      "rollback",
      stack,
      "--cwd",
      folder,
      "--step-seconds",
      "8",
      "--bake-seconds",
      "5",
      "--minimum-requests",
      "20",
      "--json",
    ];
    const { result, load } = await underLoad(() => command(process.execPath, ...slipway, ...args));
    const receipt = JSON.parse(result) as Receipt;
    say("rollback", load, receipt);
    assert.equal(receipt.outcome, "released");
    assert.equal(receipt.previous?.reference, `${app}:${serving}`);
    assert.deepEqual(load.failures, []);
    serving = receipt.image.reference.split(":")[1]!;
    assert.equal(await answering(), serving);
  });

  it("status: what serves, since when, and the latest receipts", async () => {
    const text = await command(process.execPath, ...slipway, "status", stack, "--cwd", folder);
    assert.match(text, new RegExp(`^stable {4}100 % {2}2 of 2 healthy {2}since \\d{4}-.* ${app}:${serving}$`, "m"));
    assert.match(text, /released {2}canary/);
    assert.doesNotMatch(text, /^candidate/m);
  });

  it("a stack of the same name, of another project, is left alone by all of this", async () => {
    for (const component of ["router", "candidate"])
      assert.equal(await run(docker, ["inspect", "--format", "{{.State.Running}}", `${others}-${component}`]), "true");
  });
});
