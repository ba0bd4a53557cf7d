import { routing } from "../../../components/ingress/docker/haproxy-configuration";
import type { Engine } from "./engine";

/** The routers that were there when a release began: those that `pulumi up` makes send everything to the new release. */
export class Router {
  /** The share was taken back by somebody else: `slipway rollback`, or a router that started anew. */
  isLost = false;
  private lease?: { weight: number; release: number; step: number };
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly engine: Engine,
    private readonly containers: readonly string[],
    private readonly port: number,
  ) {}

  /** The share that somebody renews now, in percent. */
  async weight(): Promise<number> {
    const tables = await this.say(`show table ${routing.lease}`);
    return Math.max(0, ...tables.map((table) => Number(/key=weight .*gpt0=(\d+)/.exec(table)?.[1] ?? 0)));
  }

  /** Addresses of the candidates, which get requests that name them by the header, and none else. */
  async admit(addresses: readonly string[]): Promise<void> {
    await this.say(
      ...addresses.flatMap((address, index) => {
        const server = routing.candidates[index]!;
        return [
          ...["candidate", "assets"].map(
            (backend) => `set server ${backend}/${server} addr ${address} port ${this.port}`,
          ),
          `set server candidate/${server} state ready`,
        ];
      }),
    );
  }

  /** Requests with one of these deployment ids go to the release that has it, while it lives. */
  async pin(deployments: Readonly<Record<string, "stable" | "candidate">>): Promise<void> {
    await this.say(
      `clear map ${routing.deployments}`,
      ...Object.entries(deployments).map(([id, release]) => `add map ${routing.deployments} ${id} ${release}`),
    );
  }

  /** Gives the candidates their share, until it is changed; a command that dies gives it back within half a minute. */
  async share(weight: number): Promise<void> {
    const { release = Math.floor(Date.now() / 1000), step = 0 } = this.lease ?? {};
    this.lease = { weight, release, step: step + 1 };
    await this.write();
    this.timer ??= setInterval(() => void this.renew().catch(() => undefined), (routing.leaseSeconds * 1000) / 6);
  }

  /** Takes everything back. */
  async withdraw(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.lease = undefined;
    await this.say(
      `clear table ${routing.lease}`,
      `clear map ${routing.deployments}`,
      ...routing.candidates.map((server) => `set server candidate/${server} state maint`),
    );
  }

  /** Requests that candidates are answering now. */
  async inFlight(): Promise<number> {
    const states = await this.say("show stat candidate 4 -1", "show stat assets 4 -1");
    return states
      .flatMap((text) => text.split("\n"))
      .filter((line) => /^(candidate|assets),c\d+,/.test(line))
      .reduce((sum, line) => sum + Number(line.split(",")[4] ?? 0), 0);
  }

  private async renew(): Promise<void> {
    const tables = await this.say(`show table ${routing.lease}`);
    if (this.lease === undefined || tables.length === 0) return;
    if (tables.some((table) => table.includes(`gpt0=${this.lease?.release}`))) return this.write();
    this.isLost = true;
    clearInterval(this.timer);
  }

  private async write(): Promise<void> {
    if (this.lease === undefined) return;
    await this.say(
      ...Object.entries(this.lease).map(([key, value]) => `set table ${routing.lease} key ${key} data.gpt0 ${value}`),
    );
  }

  /** One answer a router. One that has gone meanwhile says nothing. */
  private async say(...commands: readonly string[]): Promise<string[]> {
    const script = `exec 3<>/dev/tcp/127.0.0.1/${routing.adminPort} && printf '%s\\n' "$0" >&3 && cat <&3`;
    const answers = await Promise.all(
      this.containers.map((id) =>
        this.engine.exec(id, "bash", "-c", script, commands.join("; ")).catch(() => undefined),
      ),
    );
    const heard = answers.filter((answer) => answer !== undefined);
    for (const answer of heard) {
      const refusal = /^(?:No such|Unknown|Require|Invalid|Can't|Missing|'set).*/m.exec(answer);
      if (refusal !== null) throw new Error(`the router refused "${commands.join("; ")}": ${refusal[0]}`);
    }
    return heard;
  }
}
