import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerNetwork } from "../../network/contract";
import { hardened, labels, neverStarted, secretPath } from "../../shared/docker-container";
import type { DockerSecretRef } from "../../secrets/contract";
import { child as childOf, type Transform } from "../../shared/transform";
import { shellQuoted } from "../../shared/shell-quoted";
import type { DnsProvider } from "./dns-providers";
import { acmeFolder } from "./nginx-configuration";

/** How a certificate authority is asked for certificates. */
export interface AcmeArgs {
  /** certbot with the plugin of `dns`, such as the public `certbot/certbot` or `certbot/dns-cloudflare`. */
  readonly image: pulumi.Input<string>;
  /** Address for the account. Let's Encrypt sends nothing to it; other authorities may. @example "ops@example.com" */
  readonly email: string;
  /** Directory of the authority. @default "https://acme-v02.api.letsencrypt.org/directory" */
  readonly directoryUrl?: string;
  /** PEM file on the host with the root of an authority of your own. @default the public ones @example "/etc/ssl/acme-root.pem" */
  readonly rootCertificate?: string;
  /** Proves the domain by a DNS record (DNS-01). @default by a file on port 80 (HTTP-01) */
  readonly dns?: {
    readonly provider: DnsProvider;
    /** The plugin's credentials file, for `route53` AWS' own: a secret, such as one of `DockerSecrets.refs`. */
    readonly credentials: DockerSecretRef;
  };
  readonly transform?: { readonly client?: Transform<docker.ContainerArgs> };
}

interface CertbotArgs extends AcmeArgs {
  readonly network: DockerNetwork;
  readonly domain: string;
}

/** Where nginx and certbot see the volume with account and certificates: no folder of an image, whose owner it would take over. */
export const certificatesFolder = "/var/lib/slipway-certificates";
/** certbot's links to the newest certificate. One name whatever the domain is, so that a change of it is a renewal. */
export const issued = {
  certificate: `${certificatesFolder}/live/site/fullchain.pem`,
  key: `${certificatesFolder}/live/site/privkey.pem`,
} as const;

/** The volumes between nginx and certbot: certificates, and answers to challenges. */
export interface AcmeVolumes {
  readonly certificates: pulumi.Output<string>;
  readonly challenges: pulumi.Output<string>;
}

/** The user of nginx. certbot runs as the same one, so that nobody else reads the keys. */
const user = "101:101";

/** @param owner nginx' image, whose user owns the certificates. */
export function acmeVolumes(name: string, owner: pulumi.Input<string>, parent: pulumi.Resource): AcmeVolumes {
  const certificates = new docker.Volume(`${name}-certificates`, { name: `${name}-certificates` }, { parent });
  // A new volume takes over the owner of the folder that it covers first: of nginx' cache, its user. Never started.
  const first = new docker.Container(
    `${name}-certificates-writer`,
    {
      ...hardened({ cpuMillis: 100, memoryMb: 16 }),
      image: owner,
      user,
      ...neverStarted,
      labels: labels("certificates"),
      mounts: [{ type: "volume", target: "/var/cache/nginx", source: certificates.name }],
    },
    { parent, deleteBeforeReplace: false },
  );
  const challenges = new docker.Volume(
    `${name}-challenges`,
    {
      name: `${name}-challenges`,
      driverOpts: { type: "tmpfs", device: "tmpfs", o: "uid=101,gid=101,mode=0755,size=1m,noexec,nosuid,nodev" },
    },
    { parent },
  );
  return {
    certificates: pulumi.all([certificates.name, first.id]).apply(([volume]) => volume),
    challenges: challenges.name,
  };
}

/** The container that gets the certificate and renews it for as long as it runs. */
export function certbot(
  name: string,
  args: CertbotArgs,
  volumes: AcmeVolumes,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): docker.Container {
  const { dns, rootCertificate } = args;
  const credentials = dns?.credentials;
  const root = "/etc/slipway-acme-root.pem";
  return new docker.Container(
    ...childOf<docker.ContainerArgs>(
      `${name}-certbot`,
      {
        ...hardened({ cpuMillis: 250, memoryMb: 128 }),
        name: `${name}-certbot`,
        image: args.image,
        user,
        entrypoints: ["sh", "-c", renewing(`${name}-certbot`, request(args), dns?.provider)],
        envs: [
          "HOME=/tmp",
          ...(rootCertificate === undefined ? [] : [`REQUESTS_CA_BUNDLE=${root}`]),
          ...(dns?.provider === "route53"
            ? [`AWS_SHARED_CREDENTIALS_FILE=${secretPath("dns", dns.credentials.file)}`]
            : []),
        ].sort(),
        labels: labels(
          "certificates",
          credentials?.version === undefined ? {} : { "app.slipway.configuration": credentials.version },
        ),
        networksAdvanced: [{ name: args.network.edge }],
        mounts: [
          { type: "volume", target: certificatesFolder, source: volumes.certificates },
          { type: "volume", target: acmeFolder, source: volumes.challenges },
          ...(rootCertificate === undefined
            ? []
            : [{ type: "bind", target: root, source: rootCertificate, readOnly: true }]),
          ...(credentials === undefined
            ? []
            : [{ type: "volume", target: "/run/secrets/dns", source: credentials.volume, readOnly: true }]),
        ],
        healthcheck: { tests: ["CMD-SHELL", `test ! -e ${failed}`], interval: "10s", timeout: "3s", retries: 1 },
        // The site is up with a self-signed certificate until then: DNS may not point here yet.
        wait: false,
        stopTimeout: 10,
      },
      { ...opts, deleteBeforeReplace: true },
      args.transform?.client,
    ),
  );
}

/** There while the newest attempt has failed. */
const failed = "/tmp/failed";

function request({ email, domain, directoryUrl, dns }: CertbotArgs): readonly string[] {
  const challenge =
    dns === undefined
      ? ["--webroot", "--webroot-path", acmeFolder]
      : [
          `--dns-${dns.provider}`,
          ...(dns.provider === "route53"
            ? []
            : [`--dns-${dns.provider}-credentials`, secretPath("dns", dns.credentials.file)]),
        ];
  return [
    ...["certbot", "certonly", "--non-interactive", "--agree-tos", "--email", email],
    ...["--server", directoryUrl ?? "https://acme-v02.api.letsencrypt.org/directory"],
    // Nothing happens before the authority's time for a renewal; another domain is one at once.
    ...["--cert-name", "site", "--domain", domain, "--keep-until-expiring", "--renew-with-new-domains"],
    ...[
      "--key-type",
      "ecdsa",
      "--config-dir",
      certificatesFolder,
      "--work-dir",
      "/tmp/work",
      "--logs-dir",
      "/tmp/logs",
    ],
    ...challenge,
  ];
}

/**
 * Twice a day, as certbot's own timer. After a failure each quarter of an hour: Let's Encrypt counts five failures an
 * hour and name. https://letsencrypt.org/docs/rate-limits/#authorization-failures-per-identifier-per-account
 */
function renewing(container: string, command: readonly string[], provider: DnsProvider | undefined): string {
  const quoted = command.map(shellQuoted).join(" ");
  return `trap 'exit 0' TERM INT
umask 077
while :; do
  if ${quoted}; then
    rm -f ${failed}; next=43200
  else
    : >${failed}; next=900
    echo 'no certificate: ${provider === undefined ? "does the domain lead to this host, on port 80?" : "may these credentials write the record?"} Next attempt in 15 minutes, or at once: docker restart ${container}' >&2
  fi
  sleep $next & wait $!
done`;
}
