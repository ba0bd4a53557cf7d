// Stands in for the router and the application behind it: says what it got, and behaves badly on request.
const { createHash } = require("node:crypto");
const { createServer } = require("node:http");
const types = { js: "text/javascript; charset=utf-8", css: "text/css", woff2: "font/woff2", png: "image/png" };
const kept = { "cache-control": "public, max-age=31536000, immutable" };
let served = 0;
const asked = {};
const socket = "/run/slipway-router/current.sock";
require("node:fs").rmSync(socket, { force: true });

const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
  const { url, method, headers, rawHeaders } = request;
  const path = url.split("?")[0];
  request.on("error", () => undefined);
  if (path === "/ready") return response.end();
  if (path === "/asked") return response.end(JSON.stringify(asked));
  served += 1;
  asked[`${method} ${path}`] = (asked[`${method} ${path}`] ?? 0) + 1;
  const [, bytes] = /^\/headers-of-(\d+)-bytes$/.exec(path) ?? [];
  if (bytes) response.setHeader("x-large", "x".repeat(Number(bytes)));
  if (path === "/cut" || path.endsWith("cut.js")) return request.socket.destroy();
  if (path === "/stream" || path.startsWith("/sse")) {
    const events = path !== "/stream";
    response.writeHead(200, { "content-type": events ? "text/event-stream" : "text/html; charset=utf-8" });
    response.write(events ? "data: first\n\n" : `<p>first</p>`);
    await new Promise((done) => setTimeout(done, path === "/sse-long" ? 9000 : 2000));
    return response.end(events ? "data: last\n\n" : "<p>last</p>");
  }
  if (path === "/big-headers") response.setHeader("content-security-policy", "x".repeat(20_000));
  if (path === "/upload") {
    const started = Date.now();
    let first;
    let bytes = 0;
    try {
      for await (const part of request) {
        first ??= Date.now() - started;
        bytes += part.length;
      }
    } catch {
      // Cut off on its way here.
      return response.destroy();
    }
    return response.end(JSON.stringify({ first, bytes, took: Date.now() - started }));
  }
  if (path.startsWith("/_next/static/") && path !== "/_next/static/echo") {
    // Of the other release, where there are two.
    const foreign = process.argv[3] !== undefined && path.includes(`not-of-${process.argv[3]}`);
    if (path.includes("missing") || foreign)
      return response.writeHead(404, { ...kept, "content-type": "text/html" }).end("not found");
    if (path.includes("broken")) return response.writeHead(500, kept).end();
    const type = path.includes("error-page") ? "text/html" : types[path.split(".").at(-1)];
    const varied = path.includes("varied") && { vary: "RSC, Cookie, Accept-Encoding" };
    const large = path.includes("large") ? Buffer.alloc(12 * 1024 ** 2, "x") : Buffer.alloc(0);
    const body = Buffer.concat([Buffer.from(`// ${path} ${served}`), large]);
    const whole = { "accept-ranges": "bytes", "content-length": body.length };
    return response.writeHead(200, { ...kept, ...whole, ...(type && { "content-type": type }), ...varied }).end(body);
  }
  // What a poisoned cache would give to everybody: kept for a year, if anybody keeps it.
  response.writeHead(200, { ...kept, "content-type": "text/html; charset=utf-8", "x-slipway-release": "stable" });
  response.end(JSON.stringify({ served, url, method, headers, rawHeaders }));
});
// Says back what comes, once it is a WebSocket.
server.on("upgrade", ({ headers }, connection) => {
  // https://www.rfc-editor.org/rfc/rfc6455#section-1.3
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  const lines = ["Connection: Upgrade", "Upgrade: websocket", `Sec-WebSocket-Accept: ${accept}`];
  connection.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
  connection.on("error", () => undefined).pipe(connection);
});
// Behind a real router, or in its place.
if (process.argv[2]) server.listen(Number(process.argv[2]));
else server.listen({ path: socket, writableAll: true });
