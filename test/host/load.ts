import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

export interface LoadOptions {
  readonly port: number;
  /** Name in TLS and in the header Host. */
  readonly domain: string;
  /** Loops of each kind. Default: 1. */
  readonly each?: number;
  /** Milliseconds between two requests of a loop. Default: 150, since an address may ask 50 times a second. */
  readonly pauseMs?: number;
  /** Each request says another `X-Forwarded-For`, for an ingress that believes the generator. Default: false. */
  readonly manyClients?: boolean;
}

export interface LoadFigures {
  readonly requests: number;
  /** One line a failure: kind, path, what happened, when. */
  readonly failures: readonly string[];
  /** Visits in which one page got answers or files of another build. */
  readonly mixed: readonly string[];
  /** Milliseconds of the slowest request that was no stream. */
  readonly slowestMs: number;
  /** Requests answered by each build. */
  readonly builds: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

type Ask = (
  path: string,
  how?: { method?: string; body?: string; headers?: Record<string, string>; agent?: Agent },
) => Promise<Answer>;

/**
 * Visitors of all kinds at once until it is stopped: kept and new connections, GET, POST, streamed pages, server-sent
 * events, and whole visits of a page with its files and the data it asks for. A request has failed when its status is
 * 400 or more, when it ends early, or when the connection does.
 */
export function startLoad({ port, domain, each = 1, pauseMs = 150, manyClients = false }: LoadOptions): {
  stop(): Promise<LoadFigures>;
} {
  let running = true;
  let requests = 0;
  let slowestMs = 0;
  let posted = 0;
  const failures: string[] = [];
  const mixed: string[] = [];
  const builds: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  const port_ = port === 443 ? "" : `:${port}`;

  const ask: Ask = (path, { method = "GET", body, headers = {}, agent } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: "127.0.0.1", servername: domain, port, path, method, rejectUnauthorized: false },
          ...{ agent: agent ?? new Agent({ keepAlive: false }), timeout: 30_000 },
          headers: {
            host: `${domain}${port_}`,
            ...(manyClients && {
              "x-forwarded-for": `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`,
            }),
            ...headers,
            ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
          );
          response.on("aborted", () => reject(new Error("cut off")));
          response.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("timed out")));
      sent.on("error", reject);
      sent.end(body);
    });

  async function counted(kind: string, path: string, how: Parameters<Ask>[1], whole?: (answer: Answer) => boolean) {
    const started = performance.now();
    requests += 1;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    const failed = (what: string) => {
      if (running || what !== "cut off") failures.push(`${kind} ${path}: ${what} at ${new Date().toISOString()}`);
      return undefined;
    };
    try {
      const answer = await ask(path, how);
      const build = String(answer.headers["x-build"] ?? "none");
      builds[build] = (builds[build] ?? 0) + 1;
      if (kind !== "stream" && kind !== "events") slowestMs = Math.max(slowestMs, performance.now() - started);
      if (answer.status >= 400) return failed(String(answer.status));
      return whole === undefined || whole(answer) ? answer : failed("incomplete");
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  async function visit(): Promise<void> {
    const page = await counted("visit", "/", { headers: { accept: "text/html" } }, ({ body }) =>
      body.endsWith("</html>"),
    );
    if (page === undefined) return;
    const cookie = [page.headers["set-cookie"] ?? []]
      .flat()
      .map((line) => line.split(";")[0]!)
      .join("; ");
    const build = String(page.headers["x-build"]);
    const headers: Record<string, string> = cookie === "" ? {} : { cookie };
    for (const [, file] of page.body.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)) {
      const asset = await counted("asset", file!, { headers });
      if (asset !== undefined && !asset.body.includes(`build ${build} `))
        mixed.push(`${file} of another build than ${build}`);
    }
    await sleep(50);
    const data = await counted("data", `/api/data`, { headers: { ...headers, "x-deployment-id": build } });
    if (data !== undefined && data.headers["x-build"] !== build) {
      mixed.push(`page ${build}, data ${String(data.headers["x-build"])} at ${new Date().toISOString()}`);
    }
  }

  const agents: Agent[] = [];
  const kept = () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    return agent;
  };
  const post = (agent?: Agent) => {
    const body = `write-${(posted += 1)}`;
    const headers = { "content-type": "text/plain" };
    return counted("post", "/api/count", { method: "POST", body, headers, agent }, (answer) =>
      answer.body.includes(body),
    );
  };
  const loops: (() => () => Promise<unknown>)[] = [
    () => () => counted("new", "/api/data", {}),
    () => {
      const agent = kept();
      return () => counted("kept", "/api/data", { agent });
    },
    () => () => post(),
    () => {
      const agent = kept();
      return () => post(agent);
    },
    () => () => counted("stream", "/stream", {}, ({ body }) => body.endsWith("</html>")),
    () => () => counted("events", "/events", {}, ({ body }) => body.includes("event: end")),
    () => visit,
  ];
  const all = loops.flatMap((make) =>
    Array.from({ length: each }, async () => {
      const once = make();
      while (running) {
        await once();
        await sleep(pauseMs);
      }
    }),
  );
  return {
    async stop() {
      running = false;
      await Promise.all(all);
      for (const agent of agents) agent.destroy();
      return { requests, failures, mixed, slowestMs: Math.round(slowestMs), builds, kinds };
    },
  };
}
