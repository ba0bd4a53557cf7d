import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers queries as Prometheus does, with what a test says. */
export class StubPrometheus {
  /** A value for a query; nothing where there are no series; "down" where the server fails. */
  answer: (query: string) => number | undefined | "down" = () => undefined;
  readonly queries: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StubPrometheus> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const { searchParams } = new URL(request.url!, "http://localhost");
        const query = searchParams.get("query") ?? new URLSearchParams(body).get("query") ?? "";
        stub.queries.push(query);
        const value = stub.answer(query);
        if (value === "down") {
          response.writeHead(503).end();
          return;
        }
        const result = value === undefined ? [] : [{ metric: {}, value: [Date.now() / 1000, String(value)] }];
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stub = new StubPrometheus(server);
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A site of so many requests in two minutes, with that many percent of errors more than before. */
  site({ requests, errorPercent = 0 }: { readonly requests: number; readonly errorPercent?: number }): void {
    this.answer = (query) =>
      query.includes("increase(") ? requests : query.includes('status=~"5.."') ? errorPercent : 1;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
