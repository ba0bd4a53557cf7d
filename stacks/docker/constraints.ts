import { statSync } from "node:fs";
import type { Constraint } from "../settings/constraint";
import { hasPublicName } from "../settings/formats";
import { problem } from "../settings/problems";
import { docker as schema } from "../settings/sections/docker";

const replicas: Constraint = ({ service: { minReplicas, maxReplicas } }) =>
  maxReplicas > minReplicas
    ? problem(
        "service.maxReplicas",
        maxReplicas,
        `one host does not scale by itself: expected the same as service.minReplicas, ${minReplicas}`,
      )
    : [];

/** Addresses that Prometheus' own, 127.0.0.1, is one of. */
const withLoopback = ["127.0.0.1", "0.0.0.0", "::"];

const ports: Constraint = ({ docker, network: { bindAddress, httpPort, httpsPort, monitoringPort } }) => {
  const alsoPublic = (key: string, port: number) =>
    withLoopback.includes(bindAddress) && [httpPort, httpsPort].includes(port)
      ? problem(key, port, `is also network.${port === httpPort ? "httpPort" : "httpsPort"}`)
      : [];
  return [
    ...(docker.grafana && docker.grafanaPort === monitoringPort
      ? problem("docker.grafanaPort", docker.grafanaPort, "is also network.monitoringPort")
      : []),
    ...(docker.grafana ? alsoPublic("docker.grafanaPort", docker.grafanaPort) : []),
    ...(httpPort === httpsPort ? problem("network.httpsPort", httpsPort, "is also network.httpPort") : []),
    ...alsoPublic("network.monitoringPort", monitoringPort),
  ];
};

/** The major version that the tag names. Another registry's or a digest's is not known. */
const postgres: Constraint = ({ database, images }) => {
  const major = /:(\d+)[^/@]*(?:@|$)/.exec(images.postgres ?? "")?.[1];
  return database.implementation !== "docker" || major === undefined || major === database.version
    ? []
    : problem("images.postgres", images.postgres!, `is not of slipway:database.version, which is ${database.version}`);
};

/** The default of slipway:docker.name is made of the stack's. */
const names: Constraint = ({ docker }, { stack = "test" }) => {
  const wanted = schema.shape.name.safeParse(docker.name ?? `slipway-${stack}`).error?.issues[0]?.message;
  return wanted === undefined
    ? []
    : [
        {
          key: "the stack's name",
          found: stack,
          message: `goes into names of containers and images: ${wanted}, with slipway- before it; or set slipway:docker.name`,
        },
      ];
};

const backups: Constraint = ({ preset, database, docker, secrets }) => {
  const { backupBucket, backupEndpoint, backupRegion, backupAuthority } = docker;
  const { pointInTimeRecovery, recoveryPointSeconds, backupsOnThisHostOnly } = docker;
  const keys = ["BACKUP_ACCESS_KEY_ID", "BACKUP_SECRET_ACCESS_KEY"] as const;
  if (backupBucket !== undefined) {
    const authority = backupAuthority === undefined ? undefined : statSync(backupAuthority, { throwIfNoEntry: false });
    return [
      ...(database.implementation === "docker"
        ? []
        : problem("docker.backupBucket", backupBucket, "is of no use without a database of the stack")),
      ...keys
        .filter((key) => secrets[key] === undefined)
        .flatMap((key) => problem(`secrets.${key}`, undefined, "is missing: the backups' bucket needs its keys")),
      ...(backupAuthority !== undefined && authority?.isFile() !== true
        ? problem("docker.backupAuthority", backupAuthority, "is not a file on this machine")
        : []),
    ];
  }
  return [
    ...(preset === "production" && database.implementation === "docker" && backupsOnThisHostOnly !== true
      ? problem(
          "docker.backupBucket",
          undefined,
          "is missing: s3://bucket/path on another machine for the backups of a production database; or accept their loss together with the host, docker.backupsOnThisHostOnly: true",
        )
      : []),
    ...Object.entries({ backupEndpoint, backupRegion, backupAuthority }).flatMap(([key, value]) =>
      value === undefined ? [] : problem(`docker.${key}`, value, "is of no use without docker.backupBucket"),
    ),
    ...(recoveryPointSeconds === undefined || pointInTimeRecovery
      ? []
      : problem(
          "docker.recoveryPointSeconds",
          recoveryPointSeconds,
          "is of no use without docker.pointInTimeRecovery or docker.backupBucket",
        )),
  ];
};

const letsEncrypt = /^https:\/\/acme-(?:v02|staging-v02)\.api\.letsencrypt\.org\//;

/** What an authority would refuse, or never reach. https://www.rfc-editor.org/rfc/rfc8555#section-8.3: HTTP-01 is on port 80. */
const acme: Constraint = ({ domain, network, tls, secrets }) => {
  if (tls.acme === undefined) return [];
  const { directoryUrl = "https://acme-v02.api.letsencrypt.org/directory", dnsProvider, dnsCredentials } = tls.acme;
  const isPublic = letsEncrypt.test(directoryUrl);
  return [
    ...(["certificateFolder", "acmeFolder"] as const).flatMap((other) =>
      tls[other] === undefined
        ? []
        : problem(`tls.${other}`, tls[other], "is not used where slipway:tls.acme gets the certificate: remove one"),
    ),
    ...(isPublic && !hasPublicName(domain)
      ? problem("domain", domain, "gets no certificate of Let's Encrypt: expected a name that the public DNS has")
      : []),
    ...(dnsProvider === undefined && network.bindAddress === "127.0.0.1" && isPublic
      ? problem(
          "network.bindAddress",
          network.bindAddress,
          "is reached by this machine alone, and the authority asks on port 80: expected 0.0.0.0, or slipway:tls.acme.dnsProvider",
        )
      : []),
    ...(dnsProvider === undefined && dnsCredentials !== undefined
      ? problem("tls.acme.dnsProvider", undefined, "is missing: whose credentials slipway:tls.acme.dnsCredentials are")
      : []),
    ...(dnsProvider !== undefined && dnsCredentials === undefined
      ? problem("tls.acme.dnsCredentials", undefined, "is missing: the name of the secret with the credentials file")
      : []),
    ...(dnsCredentials !== undefined && secrets[dnsCredentials] === undefined
      ? problem(
          `secrets.${dnsCredentials}`,
          undefined,
          `is missing: pulumi config set --secret --path slipway:secrets.${dnsCredentials} "$(cat credentials.ini)"`,
        )
      : []),
  ];
};

export const dockerConstraints: readonly Constraint[] = [replicas, ports, postgres, names, backups, acme];
