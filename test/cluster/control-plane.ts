import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { background, bed, findProgram, freePort, run } from "./programs";

/**
 * A real etcd and kube-apiserver on loopback: they validate, admit and store as in any cluster. By themselves they act on
 * nothing; {@link ControlPlane.startControllers} adds what does.
 */
export class ControlPlane {
  private constructor(
    readonly folder: string,
    private readonly processes: ChildProcess[],
    readonly kubeconfig: string,
  ) {}

  static async start(): Promise<ControlPlane> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-cluster-"));
    const [client, peer, secure] = await Promise.all([freePort(), freePort(), freePort()]);
    const token = "test-of-slipway";
    await writeFile(join(folder, "tokens.csv"), `${token},admin,1,"system:masters"\n`);
    await run("openssl", ["genrsa", "-out", join(folder, "account.key"), "2048"]);

    const etcd = background(folder, "etcd", [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      "--unsafe-no-fsync",
    ]);
    const server = background(folder, "kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${client}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${secure}`,
      `--cert-dir=${join(folder, "certificates")}`,
      `--service-account-key-file=${join(folder, "account.key")}`,
      `--service-account-signing-key-file=${join(folder, "account.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.0.0.0/24",
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
    ]);
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, configuration(secure, token));

    const plane = new ControlPlane(folder, [server, etcd], kubeconfig);
    await plane.ready();
    return plane;
  }

  /** Controllers, scheduler and simulated nodes in as many zones: pods are placed, and are ready as soon as they are. */
  async startControllers(nodes: number): Promise<void> {
    const common = [`--kubeconfig=${this.kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
    this.run("kube-controller-manager", [
      ...common,
      `--service-account-private-key-file=${join(this.folder, "account.key")}`,
      "--horizontal-pod-autoscaler-sync-period=2s",
      // Their objects are of no use without a cloud or a kubelet.
      "--controllers=*,-bootstrap-signer-controller,-token-cleaner-controller,-node-ipam-controller",
    ]);
    this.run("kube-scheduler", common);
    this.run("kwok", [
      ...[`--kubeconfig=${this.kubeconfig}`, "--manage-all-nodes", "--node-lease-duration-seconds=40"],
      ...readdirSync(join(bed, "stages"))
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => `--config=${join(bed, "stages", file)}`),
    ]);
    await this.apply(Array.from({ length: nodes }, (_, index) => node(index + 1)));
  }

  /** Beside the others, until {@link stop}. */
  run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
    this.processes.unshift(background(this.folder, program, args, env));
  }

  /** What a program of this plane said, from its end. */
  log(program: string, characters = 3000): string {
    return readFileSync(join(this.folder, `${program}.log`), "utf8").slice(-characters);
  }

  /** @throws with what kubectl said, when it fails. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return run(findProgram("kubectl")!, ["--kubeconfig", this.kubeconfig, ...args], input);
  }

  /** Server-side, as kubectl's own field manager. */
  async apply(objects: readonly object[], ...flags: readonly string[]): Promise<string> {
    const items = { apiVersion: "v1", kind: "List", items: objects };
    // The server judges them anyway; kubectl would fetch all of its definitions for each.
    return this.kubectl(["apply", "--server-side", "--validate=false", ...flags, "-f", "-"], JSON.stringify(items));
  }

  async get<T = Record<string, unknown>>(namespace: string, kind: string, name: string): Promise<T | undefined> {
    const text = await this.kubectl(["-n", namespace, "get", kind, name, "-o", "json", "--ignore-not-found"]);
    return text === "" ? undefined : (JSON.parse(text) as T);
  }

  async list<T = Record<string, unknown>>(namespace: string, kind: string, selector = ""): Promise<T[]> {
    const flags = selector === "" ? [] : ["-l", selector];
    return (JSON.parse(await this.kubectl(["-n", namespace, "get", kind, ...flags, "-o", "json"])) as { items: T[] })
      .items;
  }

  async stop(): Promise<void> {
    for (const process of this.processes) {
      if (process.exitCode !== null) continue;
      const gone = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGTERM");
      await Promise.race([gone, sleep(5_000).then(() => process.kill("SIGKILL"))]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      try {
        await this.kubectl(["get", "--raw", "/readyz"]);
        return;
      } catch (error) {
        const log = this.log("kube-apiserver", 2000);
        if (Date.now() > deadline || this.processes.some(({ exitCode }) => exitCode !== null)) {
          await this.stop();
          throw new Error(`the API server does not come up:\n${log}`, { cause: error });
        }
        await sleep(500);
      }
    }
  }
}

/** Asks until the answer is one, and says what was the last when it never is. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  seconds = 60,
  interrupted?: AbortSignal,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const found = await ask();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    interrupted?.throwIfAborted();
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`, { cause: last });
    await sleep(250);
  }
}

function node(number: number): object {
  const size = { cpu: "16", memory: "64Gi", "ephemeral-storage": "100Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `node-${number}`,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": `node-${number}`,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": `zone-${number}`,
      },
    },
    status: { allocatable: size, capacity: size },
  };
}

function configuration(port: number, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  });
}
