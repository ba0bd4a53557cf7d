import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import type { DockerNetwork } from "../network/contract";
import { envs, hardened, labels, secretPath } from "../shared/docker-container";
import { DockerFiles } from "../shared/docker-files";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../shared/transform";

export interface DockerGrafanaArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** An image as the public `grafana/grafana`. @example "grafana/grafana:12.2.0" */
  readonly image: pulumi.Input<string>;
  /** Address of Prometheus on the internal network. @example "http://shop-monitoring:9090" */
  readonly prometheus: pulumi.Input<string>;
  /** Dashboards as JSON, by file name: `DockerPrometheus.dashboards`. @example monitoring.dashboards */
  readonly dashboards: Readonly<Record<string, pulumi.Input<string>>>;
  /** Port on 127.0.0.1. @example 3001 */
  readonly port: number;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly server?: Transform<docker.ContainerArgs> };
}

/** The public image's user. */
const user = "472:0";
const provisioning = "/etc/grafana/provisioning";
const folder = "/etc/slipway/dashboards";

/**
 * Grafana beside Prometheus on one Docker host, with a dashboard of the site: a panel for each signal, its limit in it. 256 MiB
 * of memory at most. It is published on 127.0.0.1, and asks for a generated password all the same. What people change in it is
 * kept on a volume. Free.
 */
export class DockerGrafana extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  /** Of the user `admin`. A secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: DockerGrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:DockerGrafana", name, {}, transforming(opts, args.transform));
    const parent = { parent: this };
    this.password = new random.RandomPassword(`${name}-password`, { length: 24, special: false }, parent).result;
    const secrets = dockerSecretFiles(
      `${name}-secrets`,
      { image: args.image, files: { password: this.password } },
      parent,
    );
    const data = new docker.Volume(`${name}-data`, { name: `${name}-data` }, parent);
    const files = new DockerFiles(
      `${name}-files`,
      {
        kind: "configuration",
        image: args.image,
        volumes: {
          datasources: { "datasource.yaml": pulumi.output(args.prometheus).apply(datasource) },
          providers: { "site.yaml": provider },
          dashboards: args.dashboards,
        },
      },
      parent,
    ).volumes;
    const mounts = {
      datasources: `${provisioning}/datasources`,
      providers: `${provisioning}/dashboards`,
      dashboards: folder,
    };
    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          ...hardened({ cpuMillis: 250, memoryMb: 256 }),
          name,
          image: args.image,
          user,
          envs: envs({
            GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
            GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
            GF_ANALYTICS_REPORTING_ENABLED: "false",
            GF_SECURITY_ADMIN_PASSWORD__FILE: secretPath("password", "value"),
            GF_USERS_ALLOW_SIGN_UP: "false",
          }),
          labels: labels("monitoring", { "app.slipway.configuration": files["dashboards"]!.version }),
          // A published port needs the outer network: the inner one has no way to the host.
          networksAdvanced: [{ name: args.network.internal }, { name: args.network.edge }],
          ports: [{ ip: "127.0.0.1", external: args.port, internal: 3000 }],
          mounts: [
            { type: "volume", target: "/run/secrets/password", source: secrets["password"]!.volume, readOnly: true },
            { type: "volume", target: "/var/lib/grafana", source: data.name },
            ...Object.entries(mounts).map(([key, target]) => ({
              type: "volume",
              target,
              source: files[key]!.volume,
              readOnly: true,
            })),
          ],
          healthcheck: {
            tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"],
            interval: "10s",
            timeout: "5s",
            retries: 12,
          },
          waitTimeout: 120,
          stopTimeout: 10,
        },
        { ...parent, deleteBeforeReplace: true },
        args.transform?.server,
      ),
    );
    this.url = pulumi.output(`http://127.0.0.1:${args.port}/d/slipway`);
    this.registerOutputs({ url: this.url });
  }
}

/** https://grafana.com/docs/grafana/latest/administration/provisioning/ */
const datasource = (url: string) =>
  stringify({
    apiVersion: 1,
    datasources: [{ name: "Prometheus", uid: "prometheus", type: "prometheus", access: "proxy", url, isDefault: true }],
  });

const provider = stringify({
  apiVersion: 1,
  providers: [{ name: "slipway", type: "file", allowUiUpdates: false, options: { path: folder } }],
});
