import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hardened, labels } from "../../shared/docker-container";
import { DockerFiles } from "../../shared/docker-files";
import type { DockerNetwork } from "../../network/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { plainErrorPage } from "./error-page";
import { haproxyConfiguration, routerPorts, routerSocket } from "./haproxy-configuration";

export interface DockerRouterArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** An image with `haproxy` and `bash`, such as the public `haproxy`. @example "haproxy:3.2" */
  readonly image: pulumi.Input<string>;
  /** Names of the replicas' containers. They are healthy before the router hears of them. @example service.replicas */
  readonly replicas: readonly pulumi.Input<string>[];
  /** Port of the replicas. @example 3000 */
  readonly port: number;
  /** The site's public host name. @example "shop.example.com" */
  readonly domain: string;
  /** Path that says whether a replica may get requests. @example "/api/ready" */
  readonly readyPath: string;
  /**
   * What the names of static files begin with, which either release may have.
   *
   * @default /_next/static/
   * @example "/static/"
   */
  readonly assetPath?: string;
  /** Seconds that requests through a router that is being replaced may take to finish. @example 25 */
  readonly graceSeconds: number;
  /** HTML for when no replica can answer. @default a plain page @example "<h1>Back in a minute</h1>" */
  readonly errorPage?: string;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly server?: Transform<docker.ContainerArgs> };
}

/**
 * HAProxy between nginx and the replicas: requests go to replicas that are ready, a release in progress gets its share,
 * and a replica leaves the routing before it gets SIGTERM. The replicas are named one by one, so that a container
 * which an interrupted `pulumi up` left behind never gets a request. Free.
 *
 * New replicas mean a new router beside the old one. When it is ready it takes over by one rename, so that no port closes
 * and no name changes; the old one finishes its requests and goes before old replicas do.
 */
export class DockerRouter extends pulumi.ComponentResource {
  /** Volume in memory with the socket that nginx sends requests to. */
  readonly socket: pulumi.Output<string>;
  /** Volume in which releases leave their receipts. */
  readonly receipts: pulumi.Output<string>;

  constructor(name: string, args: DockerRouterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:ingress:DockerRouter", name, {}, transforming(opts, args.transform));
    const { replicas, port, domain, readyPath, assetPath } = args;
    const files = new DockerFiles(
      `${name}-files`,
      {
        kind: "configuration",
        image: args.image,
        volumes: {
          configuration: {
            "haproxy.cfg": haproxyConfiguration({ replicas, port, domain, readyPath, assetPath }),
            "error.html": args.errorPage ?? plainErrorPage,
            "deployments.map":
              "# deployment id, then stable or candidate: a release in progress adds to it in memory\n",
          },
        },
      },
      { parent: this },
    ).volumes["configuration"]!;
    this.socket = new docker.Volume(
      `${name}-socket`,
      {
        name: `${name}-socket`,
        driverOpts: { type: "tmpfs", device: "tmpfs", o: "uid=99,gid=99,mode=0755,size=1m,noexec,nosuid,nodev" },
      },
      { parent: this },
    ).name;
    new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          ...hardened({ cpuMillis: 1000, memoryMb: 128 }),
          // No name of its own: the new router runs beside the old one.
          image: args.image,
          user: "99:99",
          entrypoints: ["bash", "-c", serving],
          labels: labels("router", { "app.slipway.configuration": files.version }),
          networksAdvanced: [{ name: args.network.internal }],
          mounts: [
            { type: "volume", target: "/etc/slipway", source: files.volume, readOnly: true },
            { type: "volume", target: routerSocket.folder, source: this.socket },
          ],
          healthcheck: {
            tests: ["CMD", "bash", "-c", inCharge],
            interval: "2s",
            timeout: "3s",
            retries: 5,
            // Names of replicas are looked up first.
            startPeriod: "10s",
          },
          waitTimeout: 60,
          // Takes no more requests and finishes what is in flight.
          stopSignal: "SIGUSR1",
          stopTimeout: args.graceSeconds,
          destroyGraceSeconds: args.graceSeconds,
        },
        { parent: this, deleteBeforeReplace: false },
        args.transform?.server,
      ),
    );
    this.receipts = new docker.Volume(`${name}-receipts`, { name: `${name}-receipts` }, { parent: this }).name;
    this.registerOutputs({});
  }
}

const { folder, current } = routerSocket;

/** At least one replica is ready. Without curl, which the image does not have. */
const healthy = `{ exec 3<>/dev/tcp/127.0.0.1/${routerPorts.health} && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3; } 2>/dev/null`;

const inCharge = `${healthy} && [ "$(readlink ${current})" = "$HOSTNAME.sock" ]`;

/** Takes over when it has replicas, by a rename: a new connection finds the old router or the new one. */
const serving = `haproxy -W -db -f /etc/slipway/haproxy.cfg & pid=$!
trap 'kill -USR1 $pid' USR1 TERM
while kill -0 $pid 2>/dev/null && ! ( ${healthy} ); do sleep 0.2 & wait $!; done
ln -sfn "$HOSTNAME.sock" "${folder}/$HOSTNAME.next" && mv -fT "${folder}/$HOSTNAME.next" ${current}
while kill -0 $pid 2>/dev/null; do wait $pid; done
rm -f "${folder}/$HOSTNAME.sock"
wait $pid`;
