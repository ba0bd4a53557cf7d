import { type HealthCheck, tcp } from "../ingress/contract";
import { shellQuoted } from "./shell-quoted";

/**
 * The test of a container's own health check, in Docker's words. An image of the platform has Node.js, and neither shell
 * nor curl to rely on. Of another nobody knows what it has: its own command, or the first of five that it finds.
 */
export function containerProbe(health: HealthCheck, path: string, port: number): string[] {
  if (health.command !== undefined) return ["CMD", ...health.command];
  return ["CMD-SHELL", path === tcp ? byTcp(port) : byHttp(port, path)];
}

/** Redirects count as well: the user that names a path that redirects knows it. */
function byHttp(port: number, path: string): string {
  const url = shellQuoted(`http://127.0.0.1:${port}${path}`);
  return firstOf([
    ["curl", `curl -fsS -m 5 -o /dev/null ${url}`],
    ["wget", `wget -q -T 5 -O /dev/null ${url}`],
    // Before Node.js, which takes fifty times as long to start.
    [
      "bash",
      `bash -c ${shellQuoted(`exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET %s HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' "$0" >&3; read -r _ code _ <&3; [[ $code == [23]* ]]`)} ${shellQuoted(path)}`,
    ],
    [
      "node",
      `node -e ${shellQuoted(`fetch(process.argv[1]).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`)} ${url}`,
    ],
    ["python3", `python3 -c ${shellQuoted("import sys,urllib.request as u;u.urlopen(sys.argv[1],timeout=5)")} ${url}`],
  ]);
}

function byTcp(port: number): string {
  return firstOf([
    [
      "node",
      `node -e ${shellQuoted(`require("net").connect(${port},"127.0.0.1").on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))`)}`,
    ],
    ["python3", `python3 -c ${shellQuoted(`import socket;socket.create_connection(("127.0.0.1",${port}),5)`)}`],
    ["bash", `bash -c ${shellQuoted(`exec 3<>/dev/tcp/127.0.0.1/${port}`)}`],
    ["nc", `nc -z -w 5 127.0.0.1 ${port}`],
  ]);
}

function firstOf(ways: readonly (readonly [program: string, command: string])[]): string {
  const tries = ways.map(([program, command]) => `if command -v ${program} >/dev/null 2>&1; then ${command}; el`);
  return `${tries.join("")}se exit 1; fi`;
}
