import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where test/bed/cluster/build.sh puts what it builds. */
export const bed = process.env["SLIPWAY_BED"] ?? join(homedir(), ".cache", "slipway-bed");

/** The program's path, from the bed or from PATH. */
export function findProgram(name: string): string | undefined {
  return [join(bed, "bin"), ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

export function missingPrograms(...names: readonly string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined);
}

/**
 * A real etcd and kube-apiserver on loopback: they validate, admit and store as in any cluster. Nothing acts on what is
 * stored: there are no controllers and no nodes.
 */
export class ControlPlane {
  private constructor(
    private readonly folder: string,
    private readonly processes: readonly ChildProcess[],
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

  /** @throws with what kubectl said, when it fails. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return run(findProgram("kubectl")!, ["--kubeconfig", this.kubeconfig, ...args], input);
  }

  async stop(): Promise<void> {
    for (const process of this.processes) {
      const gone = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGTERM");
      await Promise.race([gone, sleep(10_000).then(() => process.kill("SIGKILL"))]);
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
        const log = readFileSync(join(this.folder, "kube-apiserver.log"), "utf8").slice(-2000);
        if (Date.now() > deadline || this.processes.some(({ exitCode }) => exitCode !== null)) {
          await this.stop();
          throw new Error(`the API server does not come up:\n${log}`, { cause: error });
        }
        await sleep(500);
      }
    }
  }
}

/** @throws with everything the program said, when it fails. */
export function run(
  program: string,
  args: readonly string[],
  input?: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`));
    });
    child.stdin?.end(input ?? "");
  });
}

function background(folder: string, name: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), "a");
  return spawn(findProgram(name)!, args, { stdio: ["ignore", log, log] });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
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
