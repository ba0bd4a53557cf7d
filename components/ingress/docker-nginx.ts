import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { hardened, labels, secretPath } from "../shared/docker-container";
import { DockerFiles } from "../shared/docker-files";
import type { DockerNetwork } from "../network/contract";
import { dockerSecretFiles } from "../shared/docker-secret-files";
import { type Transform, transformed } from "../shared/transform";
import { nginxConfiguration, nginxPorts } from "./nginx-configuration";

export interface DockerNginxArgs {
  readonly network: DockerNetwork;
  readonly upstream: { readonly host: string; readonly port: number };
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
  /** Largest upload, in MiB. Default: 10. */
  readonly maxBodyMb?: number;
  readonly transform?: { readonly server?: Transform<docker.ContainerArgs> };
}

/**
 * The entrance of one Docker host: TLS, the redirect to it, rate limits, and requests spread over the replicas that
 * Docker's DNS names at that moment. The only container with a published port. Free.
 */
export class DockerNginx extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly hostname: pulumi.Output<string>;

  constructor(name: string, args: DockerNginxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:container-service:DockerNginx", name, {}, opts);
    const certificate =
      args.certificateFolder === undefined ? this.selfSigned(name, args) : mountedCertificate(args.certificateFolder);
    this.server(name, args, certificate);
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
      version: refs["certificate"]!.version!,
    };
  }

  private server(name: string, args: DockerNginxArgs, { certificate, key, mounts, version }: Certificate): void {
    const configuration = nginxConfiguration({
      upstream: args.upstream,
      domain: args.domain,
      httpsPort: args.httpsPort,
      assetCacheDays: args.assetCacheDays,
      certificate,
      certificateKey: key,
      requestsPerSecond: args.requestsPerSecond ?? 50,
      maxBodyMb: args.maxBodyMb ?? 10,
    });
    const files = new DockerFiles(
      `${name}-files`,
      { kind: "configuration", image: args.image, volumes: { configuration: { "nginx.conf": configuration } } },
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
          command: ["nginx", "-c", "/etc/slipway/nginx.conf", "-g", "daemon off;"],
          labels: labels("entrance", {
            "app.slipway.configuration": files.version,
            ...(version !== undefined && { "app.slipway.certificate": version }),
          }),
          networksAdvanced: [{ name: args.network.edge }, { name: args.network.internal }],
          ports: [
            { ip: args.bindAddress, external: args.httpPort, internal: nginxPorts.http },
            { ip: args.bindAddress, external: args.httpsPort, internal: nginxPorts.https },
          ],
          mounts: [
            ...mounts,
            { type: "volume", target: "/etc/slipway", source: files.volume, readOnly: true },
            ...cache,
          ],
          healthcheck: {
            tests: [
              "CMD",
              "curl",
              "--fail",
              "--silent",
              "--output",
              "/dev/null",
              `http://127.0.0.1:${nginxPorts.http}/nginx-health`,
            ],
            interval: "5s",
            timeout: "3s",
            retries: 6,
          },
          waitTimeout: 60,
          // SIGQUIT lets requests in flight finish; SIGTERM does not.
          stopSignal: "SIGQUIT",
          stopTimeout: 35,
          destroyGraceSeconds: 35,
        },
        args.transform?.server,
      ),
      // Two containers cannot publish the same port.
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly mounts: docker.types.input.ContainerMount[];
  readonly version?: pulumi.Input<string>;
}

function mountedCertificate(folder: string): Certificate {
  return {
    certificate: "/etc/slipway-tls/fullchain.pem",
    key: "/etc/slipway-tls/privkey.pem",
    mounts: [{ type: "bind", target: "/etc/slipway-tls", source: folder, readOnly: true }],
  };
}
