import { dirname } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { hardened, labels, secretPath } from "../../shared/docker-container";
import { DockerFiles } from "../../shared/docker-files";
import type { DockerNetwork } from "../../network/contract";
import { dockerSecretFiles } from "../../shared/docker-secret-files";
import { type Transform, transformed } from "../../shared/transform";
import { plainErrorPage } from "./error-page";
import { routerSocket } from "./haproxy-configuration";
import { acmeFolder, maintenanceFlag, nginxConfiguration, nginxPorts } from "./nginx-configuration";

export interface DockerNginxArgs {
  readonly network: DockerNetwork;
  /** Volume with the router's socket: `DockerRouter.socket`. */
  readonly socket: pulumi.Input<string>;
  /** An image in which nginx runs as user 101, such as the public `nginxinc/nginx-unprivileged`. */
  readonly image: pulumi.Input<string>;
  readonly domain: string;
  /** Address of the host to listen on. `127.0.0.1` is this machine alone, `0.0.0.0` everybody. */
  readonly bindAddress: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /**
   * Folder on the host with `fullchain.pem` and `privkey.pem`, as files that user 101 may read: links out of it, such as
   * certbot's, lead nowhere in the container. Default: a self-signed certificate, for a year. @example "/etc/slipway-tls"
   */
  readonly certificateFolder?: string;
  /** Days that static files of earlier releases stay available. Absent: nothing is cached. */
  readonly assetCacheDays?: number;
  /** Requests a second and address, above which the answer is 429. Default: 50. */
  readonly requestsPerSecond?: number;
  /** Largest request body, in MiB. Default: 10. */
  readonly maxBodyMb?: number;
  /**
   * Networks of proxies in front, such as a CDN's, in CIDR notation: the client's address is taken from the
   * `X-Forwarded-For` of these alone. Default: none. @example ["173.245.48.0/20"]
   */
  readonly trustedProxies?: readonly string[];
  /** What the names of static files begin with. Default: `/_next/static/`. @example "/assets/" */
  readonly assetPath?: string;
  /** Security headers where the application said nothing: of an image without the platform. Default: false. */
  readonly securityHeaders?: boolean;
  /**
   * Folder on the host in which an ACME client leaves its answers, below `.well-known/acme-challenge/`. Default: port 80
   * redirects alone. @example "/var/lib/slipway-acme"
   */
  readonly acmeFolder?: string;
  /** HTML for maintenance, and for when the router does not answer. Default: a plain page. */
  readonly errorPage?: string;
  /** Volume in which `slipway maintenance` leaves its flag: `DockerRouter.receipts`. */
  readonly state: pulumi.Input<string>;
  /** Name that everybody has to give, with a generated password. Default: the site is open. @example "staging" */
  readonly basicAuthUser?: string;
  readonly transform?: { readonly server?: Transform<docker.ContainerArgs> };
}

/**
 * The ingress of one Docker host: TLS, the redirect to it, rate limits, compression, a cache of static files. The only
 * container with a port for others. A changed configuration or certificate is read again without closing the port; the
 * container is replaced for another image alone. Free.
 */
export class DockerNginx extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;
  /** `name:password`, a secret, where one is asked for. */
  readonly basicAuth?: pulumi.Output<string>;

  constructor(name: string, args: DockerNginxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:DockerNginx", name, {}, opts);
    const certificate =
      args.certificateFolder === undefined ? this.selfSigned(name, args) : mountedCertificate(args.certificateFolder);
    const password = this.password(name, args);
    if (password !== undefined) this.basicAuth = pulumi.interpolate`${args.basicAuthUser}:${password.value}`;
    this.server(name, args, certificate, password?.volume);
    this.hostname = pulumi.output(args.domain);
    this.url = pulumi.output(`https://${args.domain}${args.httpsPort === 443 ? "" : `:${args.httpsPort}`}`);
    this.registerOutputs({ url: this.url, hostname: this.hostname });
  }

  private selfSigned(name: string, args: DockerNginxArgs): Certificate {
    const parent = { parent: this };
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.domain },
        dnsNames: [args.domain],
        allowedUses: ["digital_signature", "server_auth"],
        validityPeriodHours: 365 * 24,
        earlyRenewalHours: 30 * 24,
      },
      parent,
    );
    const refs = dockerSecretFiles(
      `${name}-tls`,
      { image: args.image, files: { certificate: certificate.certPem, key: key.privateKeyPem } },
      parent,
    );
    const mounts = Object.entries(refs).map(([file, { volume }]) => ({
      type: "volume",
      target: `/run/secrets/${file}`,
      source: volume,
      readOnly: true,
    }));
    return {
      certificate: secretPath("certificate", "value"),
      key: secretPath("key", "value"),
      mounts,
    };
  }

  private password(
    name: string,
    { basicAuthUser, image }: DockerNginxArgs,
  ): { value: pulumi.Output<string>; volume: pulumi.Output<string> } | undefined {
    if (basicAuthUser === undefined) return undefined;
    const parent = { parent: this };
    const value = new random.RandomPassword(`${name}-basic-auth`, { length: 24, special: false }, parent).result;
    // As plain as every secret on the host: in a volume that only root and this container read.
    const content = pulumi.interpolate`${basicAuthUser}:{PLAIN}${value}\n`;
    const { "basic-auth": file } = dockerSecretFiles(
      `${name}-auth`,
      { image, files: { "basic-auth": content } },
      parent,
    );
    return { value, volume: pulumi.output(file!.volume) };
  }

  private server(
    name: string,
    args: DockerNginxArgs,
    { certificate, key, mounts }: Certificate,
    auth: pulumi.Output<string> | undefined,
  ): void {
    const configuration = nginxConfiguration({
      socket: routerSocket.current,
      domain: args.domain,
      httpsPort: args.httpsPort,
      assetCacheDays: args.assetCacheDays,
      certificate,
      certificateKey: key,
      requestsPerSecond: args.requestsPerSecond ?? 50,
      maxBodyMb: args.maxBodyMb ?? 10,
      trustedProxies: args.trustedProxies ?? [],
      assetPath: args.assetPath,
      securityHeaders: args.securityHeaders,
      acme: args.acmeFolder !== undefined,
      errorPage: args.errorPage ?? plainErrorPage,
      basicAuth: auth && secretPath("basic-auth", "value"),
    });
    const files = new DockerFiles(
      `${name}-files`,
      { kind: "configuration", image: args.image, volumes: { configuration } },
      { parent: this },
    ).volumes["configuration"]!;
    const cache =
      args.assetCacheDays === undefined
        ? []
        : [
            {
              type: "volume",
              target: "/var/cache/nginx",
              source: new docker.Volume(`${name}-assets`, { name: `${name}-assets` }, { parent: this }).name,
            },
          ];
    new docker.Container(
      `${name}-server`,
      transformed<docker.ContainerArgs>(
        {
          ...hardened({ cpuMillis: 1000, memoryMb: 256 }),
          name,
          image: args.image,
          user: "101:101",
          // Through the image's own entrypoint, if it has one.
          command: ["sh", "-c", servingScript(certificate, key)],
          labels: labels("ingress"),
          // Databases and replicas are out of its reach: requests go through the socket.
          networksAdvanced: [{ name: args.network.edge }],
          ports: [
            { ip: args.bindAddress, external: args.httpPort, internal: nginxPorts.http },
            { ip: args.bindAddress, external: args.httpsPort, internal: nginxPorts.https },
          ],
          mounts: [
            ...mounts,
            { type: "volume", target: "/etc/slipway", source: files.volume, readOnly: true },
            { type: "volume", target: routerSocket.folder, source: args.socket, readOnly: true },
            { type: "volume", target: dirname(maintenanceFlag), source: args.state, readOnly: true },
            ...(args.acmeFolder === undefined
              ? []
              : [{ type: "bind", target: acmeFolder, source: args.acmeFolder, readOnly: true }]),
            ...(auth === undefined
              ? []
              : [{ type: "volume", target: "/run/secrets/basic-auth", source: auth, readOnly: true }]),
            ...cache,
          ],
          healthcheck: {
            tests: [
              "CMD-SHELL",
              `test ! -e ${refused} && curl --fail --silent --output /dev/null http://127.0.0.1:${nginxPorts.health}/`,
            ],
            interval: "5s",
            timeout: "3s",
            retries: 6,
          },
          waitTimeout: 60,
          // SIGQUIT lets requests in flight finish; not for long, since the port is closed until the next one has it.
          stopSignal: "SIGQUIT",
          stopTimeout: 5,
          destroyGraceSeconds: 5,
        },
        args.transform?.server,
      ),
      // Two containers cannot publish the same port.
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

/** While nginx serves an older configuration because it refused the newer one. */
const refused = "/tmp/refused";

/**
 * Runs nginx and looks at its files each second. What changed is read again once it has been still for a second, and
 * only if `nginx -t` accepts it: a certificate and its key do not arrive at the same moment.
 */
export function servingScript(certificate: string, key: string): string {
  const nginx = "nginx -c /etc/slipway/nginx.conf";
  return `version() { cat /etc/slipway/*.conf /etc/slipway/*.html '${certificate}' '${key}' 2>/dev/null | cksum; }
rm -f ${refused}
served=$(version) last=$served rejected=
${nginx} -g 'daemon off;' & pid=$!
trap 'kill -QUIT $pid' QUIT TERM
trap 'kill -HUP $pid' HUP
while kill -0 $pid 2>/dev/null; do
  sleep 1 & wait $!
  now=$(version)
  if [ "$now" = "$served" ]; then
    rm -f ${refused}
  elif [ "$now" = "$last" ] && [ "$now" != "$rejected" ]; then
    if ${nginx} -t -q; then
      kill -HUP $pid
      served=$now rejected=
      rm -f ${refused}
      echo 'configuration or certificate changed: read again' >&2
    else
      rejected=$now
      : >${refused}
    fi
  fi
  last=$now
done
wait $pid`;
}

interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly mounts: docker.types.input.ContainerMount[];
}

function mountedCertificate(folder: string): Certificate {
  return {
    certificate: "/etc/slipway-tls/fullchain.pem",
    key: "/etc/slipway-tls/privkey.pem",
    mounts: [{ type: "bind", target: "/etc/slipway-tls", source: folder, readOnly: true }],
  };
}
