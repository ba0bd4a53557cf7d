import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredComment {
  readonly id: number;
  body: string;
  readonly author: string;
}

export interface Fault {
  /** Method and the beginning of the path without its parameters: `PATCH /repos/acme/shop/issues/comments`. */
  readonly on: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** What happens to the comments at that moment. */
  readonly meanwhile?: (comments: StoredComment[]) => void;
}

/** Answers as GitHub's and GitLab's comment APIs do: pages, authors, limits, errors. */
export class ForgeServer {
  readonly comments: StoredComment[] = [];
  readonly requests: string[] = [];
  /** Each is used up by the first request that it fits. */
  readonly faults: Fault[] = [];
  /** Called after each write, as another run would come in between. */
  afterWrite: () => void = () => {};
  /** Newest commit of every pull request. */
  head = "";
  /** Pull request that each commit came with, merged. */
  merged?: number;
  /** Labels of every pull request. */
  labels: string[] = [];
  /** What was said of commits, by `context`. */
  readonly statuses: Readonly<Record<string, unknown>>[] = [];
  private nextId = 1;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  add(body: string, author = "github-actions[bot]"): StoredComment {
    const comment = { id: this.nextId++, body, author };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://forge");
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    const text = await new Response(request as never).text();
    const body = text === "" ? undefined : (JSON.parse(text) as { body?: string });
    const fault = this.faults.find(({ on }) => line.startsWith(on));
    if (fault) {
      this.faults.splice(this.faults.indexOf(fault), 1);
      fault.meanwhile?.(this.comments);
      return send(response, fault.status, { message: fault.message ?? "fault" }, fault.headers);
    }
    if (/\/statuses\/[0-9a-f]+$/.test(url.pathname)) {
      this.statuses.push({ ...body, commit: url.pathname.split("/").pop() });
      return send(response, 201, {});
    }
    if (/\/issues\/\d+\/labels$/.test(url.pathname))
      return send(
        response,
        200,
        this.labels.map((name) => ({ name })),
      );
    if (/\/merge_requests\/\d+$/.test(url.pathname)) return send(response, 200, { labels: this.labels });
    if (/\/pulls\/\d+$/.test(url.pathname)) return send(response, 200, { head: { sha: this.head } });
    if (/\/commits\/[0-9a-f]+\/(?:pulls|merge_requests)$/.test(url.pathname)) {
      const open = { number: 1, iid: 1, merged_at: null, state: "opened" };
      const merged = { number: this.merged, iid: this.merged, merged_at: "2026-11-27T03:00:00Z", state: "merged" };
      return send(response, 200, this.merged === undefined ? [open] : [open, merged]);
    }
    if (url.pathname === "/user") return send(response, 200, { id: 7 });
    const id = Number(/\/(?:comments|notes)\/(\d+)$/.exec(url.pathname)?.[1] ?? 0);
    if (request.method === "GET") return this.page(url, response);
    if (request.method === "POST") {
      const created = this.add(body?.body ?? "");
      this.afterWrite();
      return send(response, 201, show(created));
    }
    const comment = this.comments.find((candidate) => candidate.id === id);
    if (!comment) return send(response, 404, { message: "Not Found" });
    if (request.method === "DELETE") {
      this.comments.splice(this.comments.indexOf(comment), 1);
      return send(response, 204, undefined);
    }
    comment.body = body?.body ?? "";
    this.afterWrite();
    return send(response, 200, show(comment));
  }

  private page(url: URL, response: ServerResponse): void {
    const [size, page] = [Number(url.searchParams.get("per_page") ?? 30), Number(url.searchParams.get("page") ?? 1)];
    const more = this.comments.length > page * size;
    url.searchParams.set("page", String(page + 1));
    const next = `<${`http://${response.req.headers.host}${url.pathname}${url.search}`}>; rel="next"`;
    send(response, 200, this.comments.slice((page - 1) * size, page * size).map(show), {
      ...(more && { link: next, "x-next-page": String(page + 1) }),
    });
  }
}

function show({ id, body, author }: StoredComment) {
  const own = author === "github-actions[bot]";
  return {
    id,
    body,
    html_url: `https://forge/c/${id}`,
    user: { login: author },
    author: { id: own ? 7 : 8 },
    system: false,
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
