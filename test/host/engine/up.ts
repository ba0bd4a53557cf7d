import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { shellQuoted } from "../../../components/shared/shell-quoted";
import { docker as client, run } from "../run";
import { clockOptions } from "./clock";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly hash: string;
  readonly id: string;
  readonly state: Record<string, unknown>;
}
export interface State {
  made: Record<string, Made>;
  /** Replaced, and not yet deleted. */
  pending: Made[];
  outputs: Record<string, unknown>;
}

/**
 * `pulumi up` as far as a Docker stack needs it, with the engine's order: what changed is created first, unless it has a
 * name or asks for the contrary; when the program has ended, what was replaced is deleted, dependents first.
 */
export async function up(
  stack: string,
  config: Record<string, unknown>,
  file: string,
  replaced: readonly string[] = [],
): Promise<void> {
  const state: State = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as State)
    : { made: {}, pending: [], outputs: {} };
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  };
  const seen = new Set<string>();
  let working = 0;
  let failure: Error | undefined;

  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: async ({ type, name, inputs: sent, custom }) => {
        const inputs = unwrapped(sent) as Record<string, unknown>;
        if (custom === false) return { id: "", state: inputs as object };
        const key = `${type}::${name}`;
        seen.add(key);
        working += 1;
        try {
          const hash = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
          const known = state.made[key];
          const asked = replaced.some((end) => `${type.split(":").at(-1)}::${name}` === end);
          if (known !== undefined && known.hash === hash && !asked) return { id: known.id, state: known.state };
          const made = await make(type, name, inputs, known);
          if (known !== undefined && known.id !== made.id) state.pending.push(known);
          state.made[key] = { type, name, hash, ...made };
          save();
          return made;
        } catch (error) {
          failure ??= error as Error;
          // As after a failed step: nothing that needs it is made, and nothing is deleted.
          console.error((error as Error).stack);
          process.exit(255);
        } finally {
          working -= 1;
        }
      },
    },
    "slipway",
    stack,
    false,
  );
  pulumi.runtime.setAllConfig?.({});
  const { docker } = require("../../../stacks/docker/stack") as typeof import("../../../stacks/docker/stack");
  const { resolveSettings } =
    require("../../../stacks/settings/load") as typeof import("../../../stacks/settings/load");
  const plain = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^slipway:/, ""), value]));
  const outputs = docker(resolveSettings(stack, plain, {}) as never);
  state.outputs = await new Promise((resolve) => {
    pulumi
      .output(outputs as unknown as Record<string, pulumi.Input<unknown>>)
      .apply((known) => resolve(known as never));
  });
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await sleep(100);
    if (working > 0) quiet = 0;
  }
  save();
  for (const [key, made] of Object.entries(state.made)) {
    if (seen.has(key)) continue;
    state.pending.push(made);
    delete state.made[key];
  }
  const order = (made: Made) => (made.name.includes("-nginx") ? 0 : made.name.includes("-router") ? 1 : 2);
  for (const level of [0, 1, 2]) {
    await Promise.all(state.pending.filter((made) => order(made) === level).map(remove));
    state.pending = state.pending.filter((made) => order(made) !== level);
    save();
  }
}

async function make(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  known: Made | undefined,
): Promise<{ id: string; state: Record<string, unknown> }> {
  switch (type) {
    case "docker:index/network:Network": {
      const args = [
        "network",
        "create",
        ...(inputs["internal"] === true ? ["--internal"] : []),
        String(inputs["name"]),
      ];
      await run(client, args);
      return { id: String(inputs["name"]), state: inputs };
    }
    case "docker:index/volume:Volume":
      await run(client, [
        ...["volume", "create", String(inputs["name"])],
        ...Object.entries((inputs["driverOpts"] ?? {}) as Record<string, string>).flatMap(([option, value]) => [
          "--opt",
          `${option}=${value}`,
        ]),
      ]);
      return { id: String(inputs["name"]), state: inputs };
    case "docker:index/remoteImage:RemoteImage": {
      if (inputs["build"] !== undefined) await build(String(inputs["name"]), inputs["build"] as Build);
      const imageId = await run(client, ["image", "inspect", "--format", "{{.Id}}", String(inputs["name"])]);
      return { id: imageId, state: { ...inputs, imageId } };
    }
    case "docker:index/container:Container": {
      if (known !== undefined && typeof inputs["name"] === "string") await remove(known);
      return container(name, inputs as unknown as Inputs);
    }
    case "random:index/randomPassword:RandomPassword":
    case "random:index/randomBytes:RandomBytes": {
      const bytes = randomBytes(Number(inputs["length"]));
      return { id: "none", state: { ...inputs, result: bytes.toString("hex"), base64: bytes.toString("base64") } };
    }
    case "tls:index/privateKey:PrivateKey": {
      const privateKeyPem = await run("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout"]);
      return { id: name, state: { ...inputs, privateKeyPem: `${privateKeyPem}\n` } };
    }
    case "tls:index/selfSignedCert:SelfSignedCert": {
      const [domain] = inputs["dnsNames"] as string[];
      const subject = ["-subj", `/CN=${domain}`, "-addext", `subjectAltName=DNS:${domain}`];
      const script = `key=$(mktemp) && printf '%s' "$KEY" >$key && openssl req -x509 -key $key -days 2 "$@"; rm $key`;
      const certPem = await run("bash", ["-c", script, "bash", ...subject], {
        env: { ...process.env, KEY: String(inputs["privateKeyPem"]) },
      });
      return { id: name, state: { ...inputs, certPem: `${certPem}\n` } };
    }
    default:
      throw new Error(`the stand-in makes no ${type}`);
  }
}

interface Build {
  readonly context: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** By the engine's legacy builder, as the provider asks it. */
async function build(name: string, { context, buildArgs = {} }: Build): Promise<void> {
  const args = Object.entries(buildArgs).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
  // A proxy of this machine counts during the build only: Docker keeps these arguments out of the image.
  const proxies = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]
    .filter((variable) => process.env[variable] !== undefined)
    .flatMap((variable) => ["--build-arg", variable]);
  await run(client, ["build", "--quiet", "--tag", name, ...args, ...proxies, context], {
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
  });
}

async function container(logical: string, args: Inputs): Promise<{ id: string; state: Record<string, unknown> }> {
  const name = args.name ?? `${logical}-${randomBytes(4).toString("hex").slice(0, 7)}`;
  const [first, ...networks] = args.networksAdvanced ?? [];
  const list = (flag: string, values: readonly string[] = []) => values.flatMap((value) => [flag, value]);
  const health = args.healthcheck;
  const test = health?.tests ?? [];
  const id = await run(client, [
    ...["create", "--name", name, "--init", "--restart", args.restart ?? "no"],
    ...(args.user === undefined ? [] : ["--user", args.user]),
    ...(args.readOnly ? ["--read-only"] : []),
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...["--cpus", args.cpus, "--memory", `${args.memory}m`, "--memory-swap", `${args.memory}m`],
    ...(args.shmSize === undefined ? [] : ["--shm-size", `${args.shmSize}m`]),
    ...list(
      "--tmpfs",
      Object.entries(args.tmpfs ?? {}).map(([folder, options]) => `${folder}:${options}`),
    ),
    ...list("--env", args.envs),
    ...list(
      "--label",
      (args.labels ?? []).map(({ label, value }) => `${label}=${value}`),
    ),
    ...list(
      "--mount",
      (args.mounts ?? []).map(
        (mount) =>
          `type=${mount.type},source=${mount.source},target=${mount.target}${mount.readOnly ? ",readonly" : ""}`,
      ),
    ),
    ...list(
      "--publish",
      (args.ports ?? []).map(
        ({ ip, external, internal, protocol = "tcp" }) => `${ip}:${external}:${internal}/${protocol}`,
      ),
    ),
    ...clockOptions(args.labels?.find(({ label }) => label === "app.slipway.component")?.value),
    ...["--network", args.networkMode ?? first?.name ?? "bridge", ...list("--network-alias", first?.aliases)],
    ...(test[0] === "NONE" ? ["--no-healthcheck"] : []),
    ...(test[0] === "CMD" ? ["--health-cmd", test.slice(1).map(shellQuoted).join(" ")] : []),
    ...(test[0] === "CMD-SHELL" ? ["--health-cmd", test[1]!] : []),
    ...(health === undefined || test[0] === "NONE"
      ? []
      : [
          "--health-interval",
          "1s",
          "--health-timeout",
          health.timeout ?? "5s",
          "--health-retries",
          "30",
          "--health-start-period",
          health.startPeriod ?? "0s",
        ]),
    ...(args.stopSignal === undefined ? [] : ["--stop-signal", args.stopSignal]),
    ...(args.stopTimeout === undefined ? [] : ["--stop-timeout", String(args.stopTimeout)]),
    ...(args.entrypoints === undefined ? [] : ["--entrypoint", args.entrypoints[0]!]),
    ...[args.image, ...(args.entrypoints ?? []).slice(1), ...(args.command ?? [])],
  ]);
  for (const network of networks)
    await run(client, ["network", "connect", ...list("--alias", network.aliases), network.name, id]);
  for (const { file, content } of args.uploads ?? []) {
    await run(
      "bash",
      [
        "-c",
        `d=$(mktemp -d) && printf '%s' "$CONTENT" >"$d/f" && chmod 0444 "$d/f" && ${client} cp -q "$d/f" "${id}:${file}" 2>/dev/null || ${client} cp "$d/f" "${id}:${file}"; rm -rf "$d"`,
      ],
      {
        env: { ...process.env, CONTENT: content },
      },
    );
  }
  const state = { ...(args as unknown as Record<string, unknown>), name };
  if (args.start === false) return { id, state };
  await run(client, ["start", id]);
  if (args.attach) {
    const exitCode = Number(await run(client, ["wait", id]));
    return { id, state: { ...state, exitCode, containerLogs: await run("sh", ["-c", `${client} logs ${id} 2>&1`]) } };
  }
  if (args.wait) {
    const until = Date.now() + (args.waitTimeout ?? 60) * 1000;
    for (;;) {
      const status = await run(client, ["inspect", "--format", "{{.State.Health.Status}}", id]);
      if (status === "healthy") break;
      if (status === "unhealthy" || Date.now() > until) throw new Error(`${name} is ${status}`);
      await sleep(250);
    }
  }
  return { id, state };
}

/** Without what marks a secret on its way to the engine. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return unwrapped((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item)]));
}

interface Inputs {
  readonly image: string;
  readonly name?: string;
  readonly restart?: string;
  readonly user?: string;
  readonly readOnly?: boolean;
  readonly cpus: string;
  readonly memory: number;
  readonly shmSize?: number;
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly envs?: readonly string[];
  readonly labels?: readonly { readonly label: string; readonly value: string }[];
  readonly mounts?: readonly {
    readonly type: string;
    readonly source: string;
    readonly target: string;
    readonly readOnly?: boolean;
  }[];
  readonly ports?: readonly {
    readonly ip: string;
    readonly external: number;
    readonly internal: number;
    readonly protocol?: string;
  }[];
  readonly networkMode?: string;
  readonly networksAdvanced?: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly healthcheck?: {
    readonly tests: readonly string[];
    readonly timeout?: string;
    readonly startPeriod?: string;
  };
  readonly stopSignal?: string;
  readonly stopTimeout?: number;
  readonly entrypoints?: readonly string[];
  readonly command?: readonly string[];
  readonly uploads?: readonly { readonly file: string; readonly content: string }[];
  readonly start?: boolean;
  readonly attach?: boolean;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

async function remove({ type, id, state }: Made): Promise<void> {
  if (type === "docker:index/container:Container") {
    if (state["start"] !== false)
      await run(client, [
        "stop",
        "--time",
        String((state["destroyGraceSeconds"] as number | undefined) ?? 10),
        id,
      ]).catch(() => undefined);
    await run(client, ["rm", "--force", id]).catch(() => undefined);
  } else if (type === "docker:index/volume:Volume") await run(client, ["volume", "rm", id]).catch(() => undefined);
  else if (type === "docker:index/network:Network") await run(client, ["network", "rm", id]).catch(() => undefined);
}
