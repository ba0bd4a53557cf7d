import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { freePort } from "../engine/workspace";
import { linkProject, projectDir } from "../project";
import { docker, removeStack, run } from "./run";

export const bucketKeys = { id: "AKIDBACKUPS", secret: "secret-of-the-bucket" };
const endpoint = "s3.backups.test";

/** A server with an S3 API over TLS, in a container of its own; its objects are files here. */
export class Bucket {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-bucket-"));
  readonly name = `slipway-s3-${process.pid}`;
  readonly authority = join(this.folder, "tls", "cert.pem");
  /** As pgBackRest lays it out. */
  readonly repository = join(this.folder, "objects", "acme", "shop");

  async start(image: string): Promise<void> {
    const program = await run(join(projectDir, "test/bed/s3/build.sh"), []);
    for (const folder of ["tls", "objects", "objects/acme"]) mkdirSync(join(this.folder, folder));
    await run("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${endpoint}`, "-addext", `subjectAltName=DNS:${endpoint}`],
      ...["-keyout", join(this.folder, "tls/key.pem"), "-out", this.authority],
    ]);
    await run(docker, [
      ...["run", "--detach", "--name", this.name, "--user", "0:0", "--entrypoint", "/versitygw"],
      ...["--volume", `${program}:/versitygw:ro`, "--volume", `${this.folder}:/bucket`],
      ...[image, "--port", ":443", "--cert", "/bucket/tls/cert.pem", "--key", "/bucket/tls/key.pem", "--quiet"],
      // A restore asks for each file: without it each request begins with a handshake.
      "--keep-alive",
      ...["--access", bucketKeys.id, "--secret", bucketKeys.secret, "posix", "/bucket/objects"],
    ]);
  }

  async join(stack: string): Promise<void> {
    await run(docker, ["network", "connect", "--alias", endpoint, `slipway-${stack}-edge`, this.name]);
  }

  async leave(stack: string): Promise<void> {
    await run(docker, ["network", "disconnect", "--force", `slipway-${stack}-edge`, this.name]).catch(() => undefined);
  }

  /** Files below the repository whose path matches, oldest first. */
  files(pattern: RegExp): string[] {
    return readdirSync(this.repository, { recursive: true, encoding: "utf8" })
      .map((path) => join(this.repository, path))
      .filter((path) => pattern.test(path) && statSync(path).isFile())
      .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
  }

  async stop(): Promise<void> {
    await run(docker, ["rm", "--force", this.name]).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Verb {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** A Docker stack with point-in-time recovery, made by the stand-in for Pulumi's engine in `engine/`. */
export class DataStack {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-data-"));
  readonly server: string;
  readonly backup: string;
  #environment = { ...process.env, PATH: `${join(__dirname, "engine")}${delimiter}${process.env["PATH"]}` };

  constructor(
    readonly stack: string,
    private readonly settings: Readonly<Record<string, unknown>>,
  ) {
    this.server = `slipway-${stack}-database`;
    this.backup = `${this.server}-backup`;
  }

  async up(): Promise<void> {
    linkProject(this.folder);
    const network = { httpPort: await freePort(), httpsPort: await freePort(), monitoringPort: await freePort() };
    const settings = { target: "docker", preset: "staging", domain: "localhost", network, ...this.settings };
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`slipway:${key}`, value]));
    writeFileSync(join(this.folder, `Pulumi.${this.stack}.yaml`), stringify({ config }));
    await run("pulumi", ["up", "--stack", this.stack], { cwd: this.folder, env: this.#environment });
  }

  /** Without waiting for a good end. */
  verb(...args: readonly string[]): Promise<Verb> {
    const [name, ...more] = args;
    return ended(
      spawn(
        process.execPath,
        [join(projectDir, "tools/slipway.cjs"), name!, this.stack, "--cwd", this.folder, "--json", ...more],
        { env: this.#environment, stdio: ["ignore", "pipe", "pipe"] },
      ),
    );
  }

  async verbJson<Result>(...args: readonly string[]): Promise<Result> {
    const { code, out, errors } = await this.verb(...args);
    if (code !== 0) throw new Error(`slipway ${args.join(" ")}: exit code ${code}\n${errors}${out}`);
    return JSON.parse(out) as Result;
  }

  sql(text: string, database = "app"): Promise<string> {
    return run(docker, ["exec", this.server, "psql", "-XAtq", "-U", "app", "-d", database, "-c", text]);
  }

  inBackup(script: string, ...options: readonly string[]): Promise<string> {
    return run(docker, ["exec", ...options, this.backup, "bash", "-c", script]);
  }

  /** Writes one row after the other, each in a transaction, and keeps those that were acknowledged. */
  write(table: string): Writer {
    return new Writer(this.server, table);
  }

  async backedUp(): Promise<void> {
    await until(180, "the first base backup", async () =>
      (await this.inBackup("bash /etc/slipway/backup.sh status")).includes('"type":"full"'),
    );
  }

  async remove(): Promise<void> {
    await removeStack(this.stack);
    await run(docker, ["image", "rm", `slipway-${this.stack}-backup-image:built`]).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Its rows are numbered: whatever is acknowledged and not found later was lost. */
class Writer {
  readonly acknowledged: { readonly id: number; readonly at: number }[] = [];
  failures = 0;
  readonly #child: ChildProcess;

  constructor(
    private readonly server: string,
    table: string,
  ) {
    const insert = `insert into ${table} (id, text) values ($id, md5('$id'))`;
    const loop = `echo $$ >/tmp/writer; trap 'exit 0' TERM
      id=$(psql -XAtq -U app -d app -c 'select coalesce(max(id), 0) from ${table}')
      while :; do id=$((id + 1)); if psql -XAtq -U app -d app -c "${insert}" 2>/dev/null; then echo $id; else echo failed; fi; done`;
    this.#child = spawn(docker, ["exec", server, "bash", "-c", loop], { stdio: ["ignore", "pipe", "ignore"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      if (line === "failed") this.failures += 1;
      else this.acknowledged.push({ id: Number(line), at: Date.now() });
    });
  }

  /** The last row of before a time, or of now. */
  last(before = Infinity): number {
    return this.acknowledged.findLast(({ at }) => at < before)?.id ?? 0;
  }

  /** Until so many more rows are acknowledged. */
  async more(rows: number): Promise<void> {
    const wanted = this.acknowledged.length + rows;
    await until(60, `${rows} more rows`, () => Promise.resolve(this.acknowledged.length >= wanted));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    await run(docker, ["exec", this.server, "bash", "-c", "kill $(cat /tmp/writer)"]).catch(() => undefined);
    await closed;
  }
}

function ended(child: ChildProcess): Promise<Verb> {
  let out = "";
  let errors = "";
  child.stdout!.on("data", (text) => (out += String(text)));
  child.stderr!.on("data", (text) => (errors += String(text)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? -1, out, errors })));
}

export async function until(seconds: number, what: string, done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if (await done().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(500);
  }
}
