// Stands in for the router and the application behind it: says what it got, and behaves badly on request.
const { createServer } = require("node:http");
const types = { js: "text/javascript; charset=utf-8", css: "text/css", woff2: "font/woff2", png: "image/png" };
const kept = { "cache-control": "public, max-age=31536000, immutable" };
let served = 0;
const socket = "/run/slipway-router/current.sock";
require("node:fs").rmSync(socket, { force: true });

createServer(async (request, response) => {
  const { url, method, headers, rawHeaders } = request;
  const path = url.split("?")[0];
  served += 1;
  if (path === "/stream" || path === "/sse") {
    response.writeHead(200, { "content-type": path === "/sse" ? "text/event-stream" : "text/html; charset=utf-8" });
    response.write(path === "/sse" ? "data: first\n\n" : `<p>first</p>`);
    await new Promise((done) => setTimeout(done, 2000));
    return response.end(path === "/sse" ? "data: last\n\n" : "<p>last</p>");
  }
  if (path === "/big-headers") response.setHeader("content-security-policy", "x".repeat(20_000));
  if (path === "/upload") {
    const started = Date.now();
    let first;
    let bytes = 0;
    for await (const part of request) {
      first ??= Date.now() - started;
      bytes += part.length;
    }
    return response.end(JSON.stringify({ first, bytes, took: Date.now() - started }));
  }
  if (path.startsWith("/_next/static/") && path !== "/_next/static/echo") {
    if (path.includes("missing"))
      return response.writeHead(404, { ...kept, "content-type": "text/html" }).end("not found");
    if (path.includes("broken")) return response.writeHead(500, kept).end();
    const type = path.includes("error-page") ? "text/html" : types[path.split(".").at(-1)];
    return response.writeHead(200, { ...kept, ...(type && { "content-type": type }) }).end(`// ${path} ${served}`);
  }
  // What a poisoned cache would give to everybody: kept for a year, if anybody keeps it.
  response.writeHead(200, { ...kept, "content-type": "text/html; charset=utf-8", "x-slipway-release": "stable" });
  response.end(JSON.stringify({ served, url, method, headers, rawHeaders }));
}).listen({ path: socket, writableAll: true });
