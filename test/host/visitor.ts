import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string;
  readonly cookies: readonly string[];
}

interface How {
  readonly body?: string;
  readonly type?: string;
  readonly cookie?: string;
  readonly agent?: Agent;
}

/** Somebody who visits a site on this machine, with a browser that runs no script. */
export class Visitor {
  cookie = "";

  constructor(
    private readonly port: number,
    private readonly address = "127.0.0.1",
  ) {}

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  ask(path: string, { body, type, cookie = this.cookie, agent }: How = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: this.address, servername: "localhost", port: this.port, path, rejectUnauthorized: false },
          ...{ method: body === undefined ? "GET" : "POST", timeout: 30_000 },
          agent: agent ?? new Agent({ keepAlive: false }),
          headers: {
            host: `localhost:${this.port}`,
            ...(cookie !== "" && { cookie }),
            ...(body !== undefined && {
              origin: this.origin,
              "content-type": type,
              "content-length": Buffer.byteLength(body),
            }),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("error", reject).on("aborted", () => reject(new Error("cut off")));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              body: text,
              location: response.headers.location ?? "",
              cookies: (response.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]!),
            }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("timed out"))).on("error", reject);
      sent.end(body);
    });
  }

  /** Posts the first form of a page that calls an action. */
  async submit(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    const page = await this.ask(path);
    const form = [...page.body.matchAll(/<form[^>]*>([\s\S]*?)<\/form>/g)]
      .map(([, inner]) => inner!)
      .find((inner) => inner.includes("$ACTION"));
    if (form === undefined) throw new Error(`no form on ${path}: ${page.status} ${page.body.slice(0, 300)}`);
    const hidden = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]): [string, string] => {
      const attribute = (name: string) => decoded(new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "");
      return [attribute("name"), attribute("value")];
    });
    const boundary = `form-${Math.random().toString(36).slice(2)}`;
    const parts = Object.entries({ ...Object.fromEntries(hidden), ...fields }).map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return this.ask(path, {
      body: `${parts.join("")}--${boundary}--\r\n`,
      type: `multipart/form-data; boundary=${boundary}`,
    });
  }

  /** By the link that a site without mail shows on its page. */
  async signIn(email: string): Promise<void> {
    const { body, status } = await this.submit("/sign-in", { email });
    const link = /href="(\/sign-in\/confirm\?[^"]+)"/.exec(body)?.[1];
    if (link === undefined) throw new Error(`no link to sign in: ${status} ${body.slice(0, 500)}`);
    const { cookies, status: confirmed } = await this.submit(decoded(link), {});
    this.cookie = cookies.filter((cookie) => !cookie.endsWith("=")).join("; ");
    if (!this.cookie.includes("session=")) throw new Error(`not signed in: ${confirmed}`);
  }

  async isSignedIn(): Promise<boolean> {
    return (await this.ask("/account")).body.includes("Hello, ");
  }
}

const decoded = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

export interface Visits {
  /** So far: path, what happened, when. */
  readonly failures: readonly string[];
  stop(): Promise<{ requests: number; failures: readonly string[] }>;
}

/**
 * Pages for everybody and, for somebody who is signed in, pages that ask the database, several at once now and then, so that
 * connections are opened. A request has failed when its status is not 200, or when it comes from somebody who was signed out.
 */
export function visits(visitor: Visitor): Visits {
  let running = true;
  let requests = 0;
  const failures: string[] = [];
  const kept = new Agent({ keepAlive: true, maxSockets: 2 });
  const once = async (path: string, expected: string, agent?: Agent) => {
    requests += 1;
    const failed = (what: string) => failures.push(`${path}: ${what} at ${new Date().toISOString()}`);
    await visitor.ask(path, { agent }).then(
      ({ status, body, location }) => {
        if (status !== 200) failed(`${status} ${location}`);
        else if (!body.includes(expected)) failed(`without ${expected}`);
      },
      (error: Error) => failed(error.message),
    );
  };
  const loop = async (pauseMs: number, each: () => Promise<unknown>) => {
    while (running) {
      await each();
      await sleep(pauseMs);
    }
  };
  const loops = [
    loop(150, () => once("/", "</html>")),
    loop(150, () => once("/account", "Hello, ", kept)),
    loop(250, () => once("/account", "Hello, ")),
    loop(1000, () => Promise.all(Array.from({ length: 6 }, () => once("/account", "Hello, ")))),
    loop(300, () => once("/sign-in", "</html>", kept)),
  ];
  return {
    failures,
    async stop() {
      running = false;
      await Promise.all(loops);
      kept.destroy();
      return { requests, failures };
    },
  };
}
