// Stands in for all exporters of a stack and for the receiver of its alarms: good metrics, bad ones, or none, as it is told.
const { createServer } = require("node:http");
let state = "good";
const alerts = [];
const counters = {};
let last = Date.now();

function figures() {
  const bad = state === "bad";
  const seconds = (Date.now() - last) / 1000;
  last = Date.now();
  const counter = (name, good, worse) =>
    `${name} ${(counters[name] = (counters[name] ?? 1000) + seconds * (bad ? worse : good))}`;
  const gauge = (name, good, worse) => `${name} ${bad ? worse : good}`;
  const now = Date.now() / 1000;
  const day = 86400;
  return [
    counter("process_cpu_seconds_total", 0.01, 5),
    gauge("process_resident_memory_bytes", 1e8, 1e12),
    counter('http_requests_total{status="200"}', 10, 10),
    counter('http_requests_total{status="500"}', 0, 5),
    ...["0.1", "5", "+Inf"].map((le) =>
      counter(`http_request_duration_seconds_bucket{le="${le}"}`, 10, le === "0.1" ? 0 : 90),
    ),
    gauge('db_pool_connections{pool="write",state="busy"}', 1, 10),
    gauge('db_pool_limit{pool="write"}', 10, 10),
    counter("db_errors_total", 0, 5),
    gauge("cache_up", 1, 0),
    gauge("slipway_job_exit_code", 0, 1),
    gauge("slipway_backup_last_base_timestamp_seconds", now, now - 3 * day),
    gauge("slipway_backup_archive_waiting_seconds", 0, 9000),
    gauge("slipway_backup_last_restored_timestamp_seconds", now, now - 60 * day),
    gauge('node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"}', 50, 5),
    'node_filesystem_avail_bytes{fstype="tmpfs",mountpoint="/run"} 0',
    'node_filesystem_size_bytes{fstype="ext4",mountpoint="/"} 100',
    'node_filesystem_size_bytes{fstype="tmpfs",mountpoint="/run"} 100',
    gauge('node_filesystem_files_free{fstype="ext4",mountpoint="/"}', 50, 1),
    'node_filesystem_files{fstype="ext4",mountpoint="/"} 100',
    // As btrfs says: no number of its own.
    'node_filesystem_files_free{fstype="btrfs",mountpoint="/srv"} 0',
    'node_filesystem_files{fstype="btrfs",mountpoint="/srv"} 0',
    gauge("node_memory_MemAvailable_bytes", 50, 5),
    "node_memory_MemTotal_bytes 100",
    counter('node_cpu_seconds_total{cpu="0",mode="idle"}', 0.9, 0),
    counter('node_cpu_seconds_total{cpu="0",mode="user"}', 0.1, 10),
    gauge("nginx_up", 1, 0),
    gauge("nginx_connections_active", 10, 4090),
    gauge("probe_success", 1, 0),
    gauge("probe_ssl_earliest_cert_expiry", now + 60 * day, now + 3 * day),
  ];
}

for (const port of [9100, 9113, 9115, 9187, 9464])
  createServer((_, response) => {
    if (state === "down") return response.writeHead(503).end();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(`${figures().join("\n")}\n`);
  }).listen(port);
createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  if (request.url === "/hook") alerts.push(...JSON.parse(body).alerts);
  else if (request.url.startsWith("/state/")) state = request.url.slice("/state/".length);
  response.end(JSON.stringify(alerts));
}).listen(8000);
