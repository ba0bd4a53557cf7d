import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperateError } from "../contract";
import { sshArguments, sshHost } from "../docker/over-ssh";
import { printed } from "../stack";

export interface PrepareOptions {
  /** User for releases, who is made where it is not there. */
  readonly user: string;
  readonly firewall: boolean;
  readonly hardenSsh: boolean;
}

/** The script that prepares a host, with what was chosen in its first lines. */
export function prepareScript(caller: string, { user, firewall, hardenSsh }: PrepareOptions): string {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) {
    throw new OperateError(`--user ${user}: expected the name of a user, such as deploy`);
  }
  const chosen = {
    DEPLOY_USER: user,
    FIREWALL: firewall ? "yes" : "no",
    HARDEN_SSH: hardenSsh ? "yes" : "no",
    CALLER: caller,
  };
  const lines = Object.entries(chosen).map(([name, value]) => `${name}=${value}\n`);
  return lines.join("") + readFileSync(join(__dirname, "prepare.sh"), "utf8");
}

/** Runs the script there, and shows what it says as it comes. */
export async function prepareHost(address: string, options: PrepareOptions): Promise<void> {
  const host = sshHost(address);
  const caller = host.user ?? (await printed("ssh", sshArguments(host, ["id", "-un"])));
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(caller)) throw new OperateError(`${address}: ${caller} is no user's name`);
  const script = prepareScript(caller, options);
  const shell = caller === "root" ? ["sh", "-s"] : ["sudo", "-n", "sh", "-s"];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn("ssh", sshArguments(host, shell), { stdio: ["pipe", "inherit", "inherit"] });
    child.on("error", reject).on("close", (ended) => resolve(ended ?? 1));
    // It may end before it has read everything.
    child.stdin.on("error", () => undefined).end(script);
  });
  if (code !== 0) throw new OperateError(`${address} was not prepared to the end (exit code ${code}); run it again`);
}
