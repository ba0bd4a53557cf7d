import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { nginxPorts, nginxWorkerConnections } from "../ingress/docker/nginx-configuration";
import type { DockerNetwork } from "../network/contract";
import { hardened, labels, unasked } from "../shared/docker-container";
import { DockerFiles } from "../shared/docker-files";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../shared/transform";
import type { SignalSource } from "./contract";
import type { ScrapeTarget } from "./docker-prometheus";

export interface DockerExportersArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /**
   * Images as the public `prom/node-exporter`, `nginx/nginx-prometheus-exporter` and `prom/blackbox-exporter`.
   *
   * @example { node: "prom/node-exporter:v1.9.1", nginx: "nginx/nginx-prometheus-exporter:1.5.1", blackbox: "prom/blackbox-exporter:v0.27.0" }
   */
  readonly images: {
    readonly node: pulumi.Input<string>;
    readonly nginx: pulumi.Input<string>;
    readonly blackbox: pulumi.Input<string>;
  };
  /** Name of nginx's container, with `statusPort: true`. @example "shop-nginx" */
  readonly ingress: pulumi.Input<string>;
  /** The site's public host name, by which nginx is asked. @example "shop.example.com" */
  readonly domain: string;
  /** Path that a visitor is sure to get. @default "/" @example "/api/health" */
  readonly path?: string;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly node?: Transform<docker.ContainerArgs>;
    readonly nginx?: Transform<docker.ContainerArgs>;
    readonly blackbox?: Transform<docker.ContainerArgs>;
  };
}

const folder = "/etc/slipway";

/**
 * Exporters for Prometheus on one Docker host: disks, memory and CPU of the host; nginx' connections; the site and its
 * certificate as a visitor reaches them. 128 MiB of memory at most. Free.
 *
 * Nothing of the host is mounted: memory and CPU are the host's in every container, and the disk is the one that Docker has its
 * data on, seen by the files that Docker itself puts into each container. Other disks are not seen.
 */
export class DockerExporters extends pulumi.ComponentResource {
  readonly signals: readonly SignalSource[];
  readonly scrape: readonly ScrapeTarget[];

  constructor(name: string, args: DockerExportersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:DockerExporters", name, {}, transforming(opts, args.transform));
    const { images, network, transform } = args;
    const [node, nginx, blackbox] = [`${name}-node`, `${name}-nginx`, `${name}-blackbox`] as const;
    const internal = { networksAdvanced: [{ name: network.internal }] };
    this.exporter(node, 64, transform?.node, {
      ...internal,
      image: images.node,
      command: [
        "--collector.disable-defaults",
        ...["cpu", "filesystem", "loadavg", "meminfo"].map((collector) => `--collector.${collector}`),
      ],
    });
    // nginx is in the outer network alone, and Prometheus in both.
    const outer = { networksAdvanced: [{ name: network.edge }] };
    this.exporter(nginx, 32, transform?.nginx, {
      ...outer,
      image: images.nginx,
      command: [pulumi.interpolate`--nginx.scrape-uri=http://${args.ingress}:${nginxPorts.status}/stub_status`],
    });
    const files = new DockerFiles(
      `${blackbox}-files`,
      {
        kind: "configuration",
        image: images.blackbox,
        volumes: { configuration: { "blackbox.yaml": probes(args.domain) } },
      },
      { parent: this },
    ).volumes["configuration"]!;
    this.exporter(blackbox, 32, transform?.blackbox, {
      ...outer,
      image: images.blackbox,
      command: [`--config.file=${folder}/blackbox.yaml`],
      labels: labels("monitoring", { "app.slipway.configuration": files.version }),
      mounts: [{ type: "volume", target: folder, source: files.volume, readOnly: true }],
    });

    const target = pulumi.interpolate`https://${args.ingress}:${nginxPorts.https}${args.path ?? "/"}`;
    this.scrape = [
      { host: node, metricsPort: 9100 },
      { host: nginx, metricsPort: 9113 },
      { host: blackbox, metricsPort: 9115, path: "/probe", parameters: { module: "site", target } },
    ];
    this.signals = [
      { kind: "host", name: node, identifiers: { exporter: "node", job: node } },
      {
        kind: "ingress-server",
        name: nginx,
        identifiers: { exporter: "nginx", job: nginx },
        capacity: { maxConnections: nginxWorkerConnections },
      },
      { kind: "site", name: blackbox, identifiers: { exporter: "blackbox", job: blackbox } },
      { kind: "certificate", name: `${name}-certificate`, identifiers: { exporter: "blackbox", job: blackbox } },
    ];
    this.registerOutputs({});
  }

  private exporter(
    name: string,
    memoryMb: number,
    transform: Transform<docker.ContainerArgs> | undefined,
    args: docker.ContainerArgs,
  ): void {
    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        name,
        {
          ...hardened({ cpuMillis: 100, memoryMb }),
          name,
          user: "65534:65534",
          labels: labels("monitoring"),
          // One of the images has no program to ask with; Prometheus says when one of them is down.
          healthcheck: unasked,
          wait: false,
          stopTimeout: 5,
          ...args,
        },
        { parent: this, deleteBeforeReplace: true },
        transform,
      ),
    );
  }
}

/** https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md */
const probes = (domain: string) =>
  stringify({
    modules: {
      site: {
        prober: "http",
        timeout: "10s",
        http: {
          // A page, one that leads elsewhere, or one behind a password: somebody is there.
          valid_status_codes: [200, 204, 301, 302, 303, 307, 308, 401],
          follow_redirects: false,
          preferred_ip_protocol: "ip4",
          headers: { Host: domain },
          // Also an expired one has a date, and one that nobody signed.
          tls_config: { server_name: domain, insecure_skip_verify: true },
        },
      },
    },
  });
