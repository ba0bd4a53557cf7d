import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SignalSource } from "../../monitoring/contract";
import { labels } from "../../shared/docker-container";
import { child, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { runScheduled } from "../job-runner";
import { resolveCommand } from "../contract";
import { scheduleOf } from "../schedule";
import { type DockerProcessArgs, processContainer } from "./process";

export interface DockerJobArgs extends DockerProcessArgs {
  /**
   * When it runs: five cron fields in UTC; a day of the month and a weekday not at once.
   * @default only when it is started by hand
   * @example "15 3 * * *"
   */
  readonly cron?: string;
  /** Minutes after which a run is stopped. @default 60 @example 15 */
  readonly timeoutMinutes?: number;
  /** Changes to the children, before they are created. @default none @example { container: { memory: 512 } } */
  readonly transform?: ChildTransforms & { readonly container?: Transform<docker.ContainerArgs> };
}

/**
 * A process that ends, on one Docker host. Its container waits for the time, runs the command, and says on its metrics port
 * how the last run ended; it never runs two at once, and what is missed while the host is down is not made up for. Free,
 * but for the 40 MB of a Node.js that waits.
 *
 * @example
 * new DockerJob("shop-cleanup", { network, process: { image, command: ["node", "cleanup.js"] }, cron: "15 3 * * *" });
 */
export class DockerJob extends pulumi.ComponentResource {
  /** Command that starts a run now. */
  readonly start: pulumi.Output<string>;
  /** Command that follows the logs. */
  readonly logs: pulumi.Output<string>;
  readonly signals: readonly SignalSource[];
  /** Where Prometheus reads how the last run ended. */
  readonly scrape: { readonly host: string; readonly metricsPort: number };
  readonly nodes: { readonly container: docker.Container };

  constructor(name: string, args: DockerJobArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:DockerJob", name, {}, transforming(options, args.transform));
    const process = resolveCommand(name, args.process);
    const schedule = args.cron === undefined ? undefined : scheduleOf(name, args.cron);
    const { container: common, versions } = processContainer(name, args, process, {
      JOB_TIMEOUT_SECONDS: String((args.timeoutMinutes ?? 60) * 60),
      ...(schedule === undefined ? {} : { JOB_SCHEDULE: JSON.stringify(schedule) }),
    });
    const container = new docker.Container(
      ...child<docker.ContainerArgs>(
        name,
        {
          ...common,
          name,
          command: ["node", "-e", runScheduled, "--", ...process.command],
          labels: labels(name, versions),
          networksAdvanced: [{ name: args.network.internal, aliases: [name] }, { name: args.network.edge }],
        },
        // Two of them would run the job twice.
        { parent: this, deleteBeforeReplace: true },
        args.transform?.container,
      ),
    );

    this.start = pulumi.interpolate`docker exec ${container.name} ${process.command.map(quoted).join(" ")}`;
    this.logs = pulumi.interpolate`docker logs -f --since 24h ${container.name}`;
    this.scrape = { host: name, metricsPort: process.metricsPort };
    this.signals = [{ kind: "job", name, identifiers: { exporter: "job", job: name } }];
    this.nodes = { container };
    this.registerOutputs({ start: this.start, logs: this.logs });
  }
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
