import { dirname } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { hardened, labels, secretPath } from "../../shared/docker-container";
import { DockerFiles } from "../../shared/docker-files";
import type { DockerNetwork } from "../../network/contract";
import { dockerSecretFiles } from "../../shared/docker-secret-files";
import { defaultBodyMb } from "../contract";
import { type AcmeArgs, type AcmeVolumes, acmeVolumes, certbot, certificatesFolder, issued } from "./certbot";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../../shared/transform";
import { plainErrorPage } from "./error-page";
import { chosen, refused, servingScript } from "./serving";
import { routerSocket } from "./haproxy-configuration";
import { acmeFolder, maintenanceFlag, nginxConfiguration, nginxPorts } from "./nginx-configuration";

export interface DockerNginxArgs {
  /** Networks of the host. @example new DockerNetworks("shop") */
  readonly network: DockerNetwork;
  /** Volume with the router's socket: `DockerRouter.socket`. @example router.socket */
  readonly socket: pulumi.Input<string>;
  /**
   * An image in which nginx runs as user 101, such as the public `nginxinc/nginx-unprivileged`.
   * @example "nginxinc/nginx-unprivileged:1.28"
   */
  readonly image: pulumi.Input<string>;
  /** The site's public host name. @example "shop.example.com" */
  readonly domain: string;
  /** Address of the host to listen on. `127.0.0.1` is this machine alone, `0.0.0.0` everybody. @example "0.0.0.0" */
  readonly bindAddress: string;
  /** TCP port of the host for HTTP, which only redirects. @example 80 */
  readonly httpPort: number;
  /** TCP port of the host for HTTPS. @example 443 */
  readonly httpsPort: number;
  /**
   * Folder on the host with `fullchain.pem` and `privkey.pem`, as files that user 101 may read: links out of it, such
   * as certbot's, lead nowhere in the container.
   *
   * @default a self-signed certificate, for a year
   * @example "/etc/slipway-tls"
   */
  readonly certificateFolder?: string;
  /** Days that static files of earlier releases stay available. @default nothing is cached @example 30 */
  readonly assetCacheDays?: number;
  /** Requests a second and address, above which the answer is 429. @default 50 @example 100 */
  readonly requestsPerSecond?: number;
  /** Largest request body, in MiB. @default 10 @example 25 */
  readonly maxBodyMb?: number;
  /**
   * Networks of proxies in front, such as a CDN's, in CIDR notation: the client's address is taken from the
   * `X-Forwarded-For` of these alone.
   *
   * @default none
   * @example ["173.245.48.0/20"]
   */
  readonly trustedProxies?: readonly string[];
  /** What the names of static files begin with. @default /_next/static/ @example "/assets/" */
  readonly assetPath?: string;
  /**
   * Security headers where the application said nothing: of an image without the platform.
   *
   * @default false
   * @example true
   */
  readonly securityHeaders?: boolean;
  /**
   * Get and renew the certificate from a certificate authority, by certbot beside nginx. Until there is one the site has a
   * self-signed one. Not together with `certificateFolder`.
   *
   * @default none
   * @example { image: "certbot/certbot:v5.8.0", email: "ops@example.com" }
   */
  readonly acme?: AcmeArgs;
  /**
   * Folder on the host in which an ACME client leaves its answers, below `.well-known/acme-challenge/`.
   *
   * @default port 80 redirects alone
   * @example "/var/lib/slipway-acme"
   */
  readonly acmeFolder?: string;
  /**
   * HTML for maintenance, and for when the router does not answer.
   *
   * @default a plain page
   * @example "<h1>Back in a minute</h1>"
   */
  readonly errorPage?: string;
  /** Volume in which `slipway maintenance` leaves its flag: `DockerRouter.receipts`. @example router.receipts */
  readonly state: pulumi.Input<string>;
  /** Name that everybody has to give, with a generated password. @default the site is open @example "staging" */
  readonly basicAuthUser?: string;
  /**
   * Counts of connections for an exporter, on port 8082 of the outer network, which is not published.
   *
   * @default false
   * @example true
   */
  readonly statusPort?: boolean;
  /**
   * HTTP/3 beside HTTP/2, on the same port over UDP, for which the host's firewall has to be open. Needs nginx 1.25 with its
   * HTTP/3 module, which the public images have.
   *
   * @default false
   * @example true
   */
  readonly http3?: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & { readonly server?: Transform<docker.ContainerArgs> };
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
    super("slipway:container-service:DockerNginx", name, {}, transforming(opts, args.transform));
    const certificate =
      args.certificateFolder === undefined ? this.selfSigned(name, args) : mountedCertificate(args.certificateFolder);
    const password = this.password(name, args);
    const { acme } = args;
    const volumes = acme && acmeVolumes(name, args.image, this);
    if (password !== undefined) this.basicAuth = pulumi.interpolate`${args.basicAuthUser}:${password.value}`;
    const server = this.server(name, args, certificate, password?.volume, volumes);
    if (acme !== undefined) {
      const opts = { parent: this, dependsOn: [server] };
      certbot(name, { ...acme, network: args.network, domain: args.domain }, volumes!, opts);
    }
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
    acme: AcmeVolumes | undefined,
  ): docker.Container {
    const used = acme === undefined ? { certificate, key } : chosen;
    const configuration = nginxConfiguration({
      socket: routerSocket.current,
      domain: args.domain,
      httpsPort: args.httpsPort,
      assetCacheDays: args.assetCacheDays,
      certificate: used.certificate,
      certificateKey: used.key,
      requestsPerSecond: args.requestsPerSecond ?? 50,
      maxBodyMb: args.maxBodyMb ?? defaultBodyMb,
      trustedProxies: args.trustedProxies ?? [],
      assetPath: args.assetPath,
      securityHeaders: args.securityHeaders,
      acme: args.acmeFolder !== undefined || (acme !== undefined && args.acme?.dns === undefined),
      errorPage: args.errorPage ?? plainErrorPage,
      http3: args.http3,
      status: args.statusPort,
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
    const script = acme === undefined ? servingScript(certificate, key) : servingScript(certificate, key, issued);
    return new docker.Container(
      ...childOf<docker.ContainerArgs>(
        `${name}-server`,
        {
          ...hardened({ cpuMillis: 1000, memoryMb: 256 }),
          name,
          image: args.image,
          user: "101:101",
          // Through the image's own entrypoint, if it has one.
          command: ["sh", "-c", script],
          labels: labels("ingress"),
          // Databases and replicas are out of its reach: requests go through the socket.
          networksAdvanced: [{ name: args.network.edge }],
          ports: [
            { ip: args.bindAddress, external: args.httpPort, internal: nginxPorts.http },
            { ip: args.bindAddress, external: args.httpsPort, internal: nginxPorts.https },
            ...(args.http3 === true
              ? [{ ip: args.bindAddress, external: args.httpsPort, internal: nginxPorts.https, protocol: "udp" }]
              : []),
          ],
          mounts: [
            ...mounts,
            { type: "volume", target: "/etc/slipway", source: files.volume, readOnly: true },
            { type: "volume", target: routerSocket.folder, source: args.socket, readOnly: true },
            { type: "volume", target: dirname(maintenanceFlag), source: args.state, readOnly: true },
            ...(args.acmeFolder === undefined
              ? []
              : [{ type: "bind", target: acmeFolder, source: args.acmeFolder, readOnly: true }]),
            ...(acme === undefined
              ? []
              : [
                  { type: "volume", target: certificatesFolder, source: acme.certificates, readOnly: true },
                  { type: "volume", target: acmeFolder, source: acme.challenges, readOnly: true },
                ]),
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
        { parent: this, deleteBeforeReplace: true },
        args.transform?.server,
      ),
    );
  }
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
