// A small site for releases: pages with files of their build, data, writes, a stream, events; and bad releases.
// BUILD and BEHAVIOUR are of the image; how it drains is the application's: not ready for a while, then no new requests.
const { createServer } = require("node:http");
const { BUILD = "none", BEHAVIOUR = "good", PORT = "3000", SHUTDOWN_DELAY_SECONDS = "0" } = process.env;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
if (BEHAVIOUR === "crash") {
  console.error("Error: Cannot find module 'left-pad'");
  process.exit(1);
}
let draining = false;
const leaked = [];
const page = `<!doctype html><html><link rel="stylesheet" href="/_next/static/chunks/${BUILD}.css"><script src="/_next/static/chunks/${BUILD}.js"></script><p>${BUILD}</p>`;
const server = createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  response.setHeader("x-build", BUILD);
  if (draining) response.setHeader("connection", "close");
  if (path === "/api/ready") {
    const ready = !draining && BEHAVIOUR !== "never-ready";
    response.writeHead(ready ? 200 : 503, { "content-type": "application/json" });
    return response.end(JSON.stringify({ status: ready ? "ready" : "unavailable", deploymentId: BUILD }));
  }
  if (path.startsWith("/_next/static/")) {
    if (!path.includes(`/${BUILD}.`)) return response.writeHead(404, { "content-type": "text/html" }).end("not found");
    response.setHeader("cache-control", "public, max-age=31536000, immutable");
    response.setHeader("content-type", path.endsWith(".css") ? "text/css" : "text/javascript");
    return response.end(`/* build ${BUILD} ${path} */`);
  }
  let body = "";
  for await (const part of request) body += part;
  if (BEHAVIOUR === "errors" && Math.random() < 0.5) return response.writeHead(500).end("error");
  if (BEHAVIOUR === "late" && process.uptime() > 22) return response.writeHead(500).end("error");
  if (BEHAVIOUR === "empty") return response.writeHead(200, { "content-type": "text/html" }).end();
  if (BEHAVIOUR === "slow") await sleep(1500);
  if (BEHAVIOUR === "leak") leaked.push(Buffer.alloc(16 * 1024 ** 2, 1));
  if (path === "/api/count") return response.end(`counted ${body}`);
  if (path === "/api/data") return response.end(`data ${BUILD}`);
  if (path === "/stream" || path === "/events") {
    response.writeHead(200, { "content-type": path === "/stream" ? "text/html" : "text/event-stream" });
    for (let part = 0; part < 8; part += 1) {
      response.write(path === "/stream" ? `<p>${part}` : `data: ${part}\n\n`);
      await sleep(250);
    }
    return response.end(path === "/stream" ? "</html>" : "event: end\ndata: -\n\n");
  }
  response.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" }).end(`${page}</html>`);
});
server.keepAliveTimeout = 90_000;
server.listen(Number(PORT));
process.on("SIGTERM", async () => {
  draining = true;
  await sleep(Number(SHUTDOWN_DELAY_SECONDS) * 1000);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setInterval(() => server.closeIdleConnections(), 200);
});
