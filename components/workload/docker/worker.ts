import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../../shared/docker-container";
import { child, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { oneWorker, resolveCommand } from "../contract";
import { type DockerProcessArgs, processContainer } from "./process";

export interface DockerWorkerArgs extends DockerProcessArgs {
  /** Changes to the children, before they are created. @default none @example { replica: { memory: 512 } } */
  readonly transform?: ChildTransforms & { readonly replica?: Transform<docker.ContainerArgs> };
}

/**
 * A process that runs all the time on one Docker host and that nobody sends requests to. A new image makes new replicas
 * before the old ones stop; Docker starts one that ended again. Free.
 *
 * @example
 * new DockerWorker("shop-mail", { network, process: { image: "ghcr.io/acme/shop:1.4.2", command: ["node", "mail.js"] } });
 */
export class DockerWorker extends pulumi.ComponentResource {
  /** Command that follows the logs. */
  readonly logs: pulumi.Output<string>;
  readonly nodes: { readonly replicas: readonly docker.Container[] };

  constructor(name: string, args: DockerWorkerArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:DockerWorker", name, {}, transforming(options, args.transform));
    const process = resolveCommand(name, { ...oneWorker, ...args.process });
    const { container, versions } = processContainer(name, args, process);
    const replicas = Array.from(
      { length: process.scaling.minReplicas },
      (_, index) =>
        new docker.Container(
          ...child<docker.ContainerArgs>(
            `${name}-${index + 1}`,
            {
              ...container,
              // No name of its own: the new replica runs beside the old one.
              command: [...process.command],
              labels: labels(name, versions),
              networksAdvanced: [{ name: args.network.internal }, { name: args.network.edge }],
            },
            { parent: this, deleteBeforeReplace: false },
            args.transform?.replica,
          ),
        ),
    );

    const filter = `--filter label=app.slipway.stack=${pulumi.getStack()} --filter label=app.slipway.component=${name}`;
    this.logs = pulumi.output(`for id in $(docker ps -q ${filter}); do docker logs -f --since 10m $id & done; wait`);
    this.nodes = { replicas };
    this.registerOutputs({ logs: this.logs });
  }
}
