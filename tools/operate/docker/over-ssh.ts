import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import { OperateError } from "../contract";

/** A host as Docker writes it. */
export interface SshHost {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
}

/**
 * `ssh://user@host:port`, each part as `ssh` takes it.
 *
 * @throws OperateError for anything else, such as what `ssh` would read as an option.
 */
export function sshHost(address: string): SshHost {
  const url = URL.parse(address);
  const name = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
  const host = url?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
  const isFine =
    url?.protocol === "ssh:" &&
    (name.test(host) || /^[0-9a-f:]+$/i.test(host)) &&
    (url.username === "" || name.test(url.username)) &&
    url.password === "" &&
    ["", "/"].includes(url.pathname) &&
    url.search + url.hash === "";
  if (!isFine) throw new OperateError(`${address}: expected ssh://user@host, with a port where it is not 22`);
  return {
    host,
    ...(url.username !== "" && { user: url.username }),
    ...(url.port !== "" && { port: Number(url.port) }),
  };
}

/** Arguments of `ssh` for a command there. Its configuration, agent and known hosts are this user's own. */
export function sshArguments({ user, host, port }: SshHost, command: readonly string[]): string[] {
  return [
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...["-o", "ConnectTimeout=30", "-T", "--", host, ...command],
  ];
}

/** Connections to the engine of another host, as Docker's own client makes them: `ssh` starts one there for each. */
export function dockerOverSsh(address: string): Agent {
  const host = sshHost(address);
  const agent = new Agent();
  const connect = (_options: object, connected: (error: Error | null, stream?: Duplex) => void) => {
    const child = spawn("ssh", sshArguments(host, ["docker", "system", "dial-stdio"]), {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    // Ended by the exit code alone: when a pipe closes, nobody knows yet whether ssh failed and what it says of it.
    const stream = new Duplex({
      read: () => child.stdout.resume(),
      write: (piece, _encoding, done) => void child.stdin.write(piece, () => done()),
      final: (done) => void child.stdin.end(() => done()),
      destroy: (error, done) => {
        child.kill();
        done(error);
      },
    });
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (piece: Buffer) => void (stream.push(piece) || child.stdout.pause()));
    const failed = (reason: string) =>
      stream.destroy(new OperateError(`the Docker engine at ${address} cannot be reached: ${reason}`));
    child.on("error", (error) => failed(error.message));
    child.on("close", (code) => {
      if (code === 0 || code === null) stream.push(null);
      else failed(said.trim() || `ssh ended with ${code}`);
    });
    connected(null, stream);
  };
  return Object.assign(agent, { createConnection: connect });
}
