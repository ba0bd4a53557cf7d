import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { servingScript } from "../../components/ingress/docker/serving";
import { haproxyConfiguration } from "../../components/ingress/docker/haproxy-configuration";
import { type NginxConfiguration, nginxConfiguration } from "../../components/ingress/docker/nginx-configuration";
import { prepareImage } from "./images";
import { docker, removeContainers, run } from "./run";

let beds = 0;

/** Settings of nginx in these suites, but for what a suite is about. */
export const ingress: NginxConfiguration = {
  socket: "/run/slipway-router/current.sock",
  domain: "shop.example.com",
  httpsPort: 443,
  assetCacheDays: 7,
  certificate: "/etc/tls/fullchain.pem",
  certificateKey: "/etc/tls/privkey.pem",
  requestsPerSecond: 1000,
  maxBodyMb: 10,
  trustedProxies: [],
  errorPage: "<!doctype html><title>Ours</title>",
};

/** The rendered configuration in a real nginx, in front of an origin that says what it got. */
export class IngressBed {
  readonly name = `slipway-ingress-${process.pid}-${(beds += 1)}`;
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-ingress-"));
  http = 0;
  https = 0;

  /** `router`: the rendered HAProxy between nginx and the origin too. */
  constructor(
    private readonly args: NginxConfiguration,
    private readonly router = false,
  ) {}

  /** False without a Docker engine. `publish`: more ports, as Docker's client takes them. */
  async start(...publish: readonly string[]): Promise<boolean> {
    const { name, folder, args } = this;
    const images = { nginx: await prepareImage("nginx"), node: await prepareImage("node") };
    if (images.nginx === undefined || images.node === undefined) {
      console.log("      skipped: no Docker engine");
      return false;
    }
    this.configure(args);
    mkdirSync(join(folder, "state"));
    const challenges = join(folder, "acme", ".well-known", "acme-challenge");
    mkdirSync(challenges, { recursive: true });
    writeFileSync(join(challenges, "token-1_A"), "token-1_A.thumbprint");
    writeFileSync(join(challenges, ".hidden"), "hidden");
    await this.certificate();
    await run(docker, ["network", "create", name]);
    await run(docker, ["volume", "create", `${name}-socket`]);
    const origin = ["run", "--detach", "--init", "--name", `${name}-origin`, "--network", name];
    await run(docker, [
      ...[...origin, "--volume", `${__dirname}/origin.cjs:/origin.cjs:ro`],
      ...["--user", "0:0", "--volume", `${name}-socket:/run/slipway-router`, images.node, "node", "/origin.cjs"],
      ...(this.router ? ["3000", "stable"] : []),
    ]);
    if (this.router) await this.startRouter();
    await run(docker, [
      ...[
        "run",
        "--detach",
        "--init",
        "--name",
        `${name}-nginx`,
        "--network",
        name,
        "--user",
        "101:101",
        "--read-only",
      ],
      ...[
        "--tmpfs",
        "/tmp:rw,noexec,nosuid,nodev,size=64m",
        "--tmpfs",
        "/var/cache/nginx:uid=101",
        "--cap-drop",
        "ALL",
      ],
      ...[
        "--volume",
        `${name}-socket:/run/slipway-router:ro`,
        "--volume",
        `${folder}:/etc/slipway:ro`,
        "--volume",
        `${folder}/tls:/etc/tls:ro`,
        "--volume",
        `${folder}/state:/var/lib/slipway:ro`,
        "--volume",
        `${folder}/acme:/var/lib/slipway-acme:ro`,
      ],
      ...[
        "--publish",
        "127.0.0.1::8080",
        "--publish",
        "127.0.0.1::8443",
        ...publish.flatMap((each) => ["--publish", each]),
        images.nginx,
      ],
      ...["sh", "-c", servingScript(args.certificate, args.certificateKey)],
    ]);
    const port = async (inner: number) =>
      Number((await run(docker, ["port", `${name}-nginx`, `${inner}/tcp`])).split("\n")[0]!.split(":").at(-1));
    [this.http, this.https] = [await port(8080), await port(8443)];
    await eventually(async () => {
      if ((await this.get("/")).status !== 200) throw new Error("not there yet");
    });
    return true;
  }

  private async startRouter(): Promise<void> {
    const { name, folder, args } = this;
    const image = (await prepareImage("haproxy"))!;
    const { assetPath, domain } = args;
    const settings = { replicas: [`${name}-origin`], port: 3000, domain, readyPath: "/ready", assetPath };
    const configuration = haproxyConfiguration(settings);
    const text = await new Promise<string>((resolve) => configuration.apply(resolve));
    writeFileSync(join(folder, "haproxy.cfg"), text);
    writeFileSync(join(folder, "deployments.map"), "");
    await run(docker, [
      // Its socket has the name of the host, and nginx asks for the one that is called `current`.
      ...["run", "--detach", "--init", "--name", `${name}-router`, "--network", name, "--hostname", "current"],
      ...["--user", "0:0", "--volume", `${folder}:/etc/slipway:ro`, "--volume", `${name}-socket:/run/slipway-router`],
      ...["--entrypoint", "haproxy", image, "-W", "-db", "-f", "/etc/slipway/haproxy.cfg"],
    ]);
  }

  async stop(): Promise<void> {
    const { name } = this;
    await removeContainers([`${name}-nginx`, `${name}-router`, `${name}-origin`]).catch(() => undefined);
    await run(docker, ["network", "rm", name]).catch(() => undefined);
    await run(docker, ["volume", "rm", `${name}-socket`]).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly configure = (changed: NginxConfiguration): void => {
    for (const [file, content] of Object.entries(nginxConfiguration(changed)))
      writeFileSync(join(this.folder, file), content);
  };

  readonly certificate = async (): Promise<void> => {
    const { domain } = this.args;
    const tls = join(this.folder, "tls");
    const files = ["-keyout", join(tls, "privkey.pem"), "-out", join(tls, "fullchain.pem")];
    const subject = ["-subj", `/CN=${domain}`, "-addext", `subjectAltName=DNS:${domain}`];
    await run("mkdir", ["-p", tls]);
    await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...files, ...subject]);
    await run("chmod", ["-R", "a+rX", this.folder]);
  };

  /** Sends exactly these lines and gives back all that came. */
  readonly send = (lines: readonly string[], body = "", secure = true): Promise<Response> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const arrivals: number[] = [];
      const parts: Buffer[] = [];
      const socket = secure
        ? connectTls({
            ...{ host: "127.0.0.1", port: this.https, servername: this.args.domain, rejectUnauthorized: false },
          })
        : connect({ host: "127.0.0.1", port: this.http });
      socket.setTimeout(20_000, () => socket.destroy(new Error("timed out")));
      socket.on("error", reject);
      socket.on("data", (part: Buffer) => {
        parts.push(part);
        arrivals.push(performance.now() - started);
      });
      socket.on("close", () => resolve(parsed(parts, arrivals)));
      socket.on(secure ? "secureConnect" : "connect", () => {
        socket.write(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
      });
    });

  /** Sends exactly this over TLS and gives back all that came until the other side closed, or for so long. */
  readonly exchange = (text: string, servername = this.args.domain, milliseconds = 2000): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ host: "127.0.0.1", port: this.https, servername, rejectUnauthorized: false });
      let all = "";
      socket.on("data", (part: Buffer) => (all += part.toString("latin1")));
      socket.on("error", () => resolve(all)).on("close", () => resolve(all));
      socket.on("secureConnect", () => {
        socket.write(Buffer.from(text, "latin1"));
        setTimeout(() => socket.destroy(), milliseconds);
      });
    });

  readonly get = (path: string, ...headers: readonly string[]): Promise<Response> =>
    this.send([
      `GET ${path} HTTP/1.1`,
      ...(headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: ${this.args.domain}`]),
      ...headers,
    ]);

  readonly echoed = async (path: string, ...headers: readonly string[]): Promise<Echo> =>
    JSON.parse((await this.get(path, ...headers)).body) as Echo;
}

export interface Echo {
  readonly served: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as bytes, without the chunks' framing. */
  readonly raw: Buffer;
  /** The part of it that came within the first second. */
  readonly early: Buffer;
  /** Milliseconds from the start to each packet. */
  readonly arrivals: readonly number[];
}

export function parsed(parts: readonly Buffer[], arrivals: readonly number[]): Response {
  const all = Buffer.concat(parts);
  const soon = Buffer.concat(parts.filter((_, index) => arrivals[index]! < 1000));
  const end = all.indexOf("\r\n\r\n");
  const [first = "", ...lines] = all.subarray(0, Math.max(0, end)).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const rest = all.subarray(end + 4);
  const [raw, early] = [rest, soon.subarray(end + 4)].map((bytes) =>
    headers["transfer-encoding"] === "chunked" ? unchunked(bytes) : bytes,
  ) as [Buffer, Buffer];
  return { status: Number(first.split(" ")[1] ?? 0), headers, body: raw.toString(), raw, early, arrivals };
}

function unchunked(data: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length;) {
    const line = data.indexOf("\r\n", at);
    const size = Number.parseInt(data.subarray(at, line).toString(), 16);
    if (!(size > 0)) break;
    parts.push(data.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
  return Buffer.concat(parts);
}

export async function eventually(check: () => Promise<unknown>, seconds = 60): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(300);
    }
  }
}
