import { specifyRefused, type Raw } from "../settings/refused";

const bucket = "s3://acme-backups/shop";
const keys = { BACKUP_ACCESS_KEY_ID: { generate: 32 }, BACKUP_SECRET_ACCESS_KEY: { generate: 32 } };
const acme = (more: Raw = {}): Raw => ({ acme: { email: "ops@example.com", ...more } });
const open = { bindAddress: "0.0.0.0", httpPort: 80, httpsPort: 443 };
const elsewhere = "https://ca.internal/acme/directory";

describe("constraints of docker, one by one", () => {
  specifyRefused("docker", [
    [
      "Grafana on Prometheus' port",
      { docker: { grafana: true, grafanaPort: 9090 } },
      ["docker.grafanaPort: is also network.monitoringPort"],
    ],
    ["no Grafana on Prometheus' port", { docker: { grafanaPort: 9090 } }, []],
    [
      "Grafana on the HTTP port",
      { docker: { grafana: true, grafanaPort: 8080 } },
      ["docker.grafanaPort: is also network.httpPort"],
    ],
    [
      "Grafana on the HTTPS port",
      { docker: { grafana: true, grafanaPort: 8443 } },
      ["docker.grafanaPort: is also network.httpsPort"],
    ],
    [
      "Grafana on the HTTPS port of another address",
      { docker: { grafana: true, grafanaPort: 8443 }, network: { bindAddress: "192.0.2.1" } },
      [],
    ],
    [
      "Prometheus on the HTTP port",
      { network: { monitoringPort: 8080 } },
      ["network.monitoringPort: is also network.httpPort"],
    ],
    [
      "Prometheus on the HTTPS port of every address",
      { network: { bindAddress: "::", monitoringPort: 8443 } },
      ["network.monitoringPort: is also network.httpsPort"],
    ],
    [
      "Prometheus on the HTTPS port of another address",
      { network: { bindAddress: "192.0.2.1", monitoringPort: 8443 } },
      [],
    ],
    [
      "PostgreSQL by a digest",
      { images: { postgres: `mirror.example.com:5000/postgres@sha256:${"a".repeat(64)}` } },
      [],
    ],
    [
      "PostgreSQL by tag and digest",
      { images: { postgres: `mirror.example.com/postgres:16@sha256:${"a".repeat(64)}` } },
      ["images.postgres: is not of slipway:database.version, which is 17"],
    ],
    [
      "another PostgreSQL where there is none",
      { images: { postgres: "postgres:16" }, database: { implementation: "none" } },
      [],
    ],
    [
      "a stack whose name is none for containers",
      {},
      ["the stack's name: goes into names of containers and images"],
      { stack: "-a-" },
    ],
    ["that, with a name of its own", { docker: { name: "shop" } }, [], { stack: "-a-" }],
    ["backups in a bucket", { docker: { backupBucket: bucket, backupsOnThisHostOnly: undefined }, secrets: keys }, []],
    [
      "backups in a bucket without keys",
      { docker: { backupBucket: bucket } },
      ["secrets.BACKUP_ACCESS_KEY_ID: is missing", "secrets.BACKUP_SECRET_ACCESS_KEY: is missing"],
    ],
    [
      "backups without one of the keys",
      { docker: { backupBucket: bucket }, secrets: { BACKUP_ACCESS_KEY_ID: { generate: 32 } } },
      ["secrets.BACKUP_SECRET_ACCESS_KEY: is missing: the backups' bucket needs its keys"],
    ],
    [
      "backups of nothing",
      { docker: { backupBucket: bucket }, secrets: keys, database: { implementation: "none" } },
      ["docker.backupBucket: is of no use without a database of the stack"],
    ],
    [
      "an authority that is a file",
      { docker: { backupBucket: bucket, backupAuthority: "/etc/hostname" }, secrets: keys },
      [],
    ],
    [
      "an authority that is a folder",
      { docker: { backupBucket: bucket, backupAuthority: "/etc" }, secrets: keys },
      ["docker.backupAuthority: is not a file on this machine"],
    ],
    [
      "an authority that is not there",
      { docker: { backupBucket: bucket, backupAuthority: "/not/there" }, secrets: keys },
      ["docker.backupAuthority: is not a file on this machine"],
    ],
    [
      "an authority without a bucket",
      { docker: { backupAuthority: "/etc/hostname" } },
      ["docker.backupAuthority: is of no use without docker.backupBucket"],
    ],
    [
      "an endpoint without a bucket",
      { docker: { backupEndpoint: "https://s3.example.com" } },
      ["docker.backupEndpoint: is of no use without docker.backupBucket"],
    ],
    [
      "a region without a bucket",
      { docker: { backupRegion: "eu-central-1" } },
      ["docker.backupRegion: is of no use without docker.backupBucket"],
    ],
    [
      "no backups elsewhere in production",
      { docker: { backupsOnThisHostOnly: undefined } },
      ["docker.backupBucket: is missing: s3://bucket/path on another machine"],
    ],
    [
      "no backups elsewhere in production, said to be wrong",
      { docker: { backupsOnThisHostOnly: false } },
      ["docker.backupBucket: is missing"],
    ],
    ["no backups elsewhere in staging", { preset: "staging", docker: { backupsOnThisHostOnly: undefined } }, []],
    [
      "no backups elsewhere of nothing",
      { docker: { backupsOnThisHostOnly: undefined }, database: { implementation: "none" } },
      [],
    ],
    ["points in time", { docker: { recoveryPointSeconds: 60 } }, []],
    [
      "points in time that are off",
      { docker: { recoveryPointSeconds: 60, pointInTimeRecovery: false } },
      ["docker.recoveryPointSeconds: is of no use without docker.pointInTimeRecovery"],
    ],
    ["Let's Encrypt", { tls: acme(), network: open }, []],
    [
      "Let's Encrypt's staging",
      {
        tls: acme({ directoryUrl: "https://acme-staging-v02.api.letsencrypt.org/directory" }),
        domain: "shop.internal",
        network: open,
      },
      ["domain: gets no certificate of Let's Encrypt"],
    ],
    [
      "Let's Encrypt for a name that nobody signs",
      { tls: acme(), domain: "shop.internal", network: open },
      ["domain: gets no certificate of Let's Encrypt"],
    ],
    ["another authority for it", { tls: acme({ directoryUrl: elsewhere }), domain: "shop.internal" }, []],
    [
      "Let's Encrypt where nobody comes in",
      { tls: acme() },
      ["network.bindAddress: is reached by this machine alone, and the authority asks on port 80"],
    ],
    [
      "Let's Encrypt by DNS where nobody comes in",
      { tls: acme({ dnsProvider: "route53", dnsCredentials: "DNS" }), secrets: { DNS: { generate: 32 } } },
      [],
    ],
    [
      "credentials of nobody",
      { tls: acme({ dnsCredentials: "DNS" }), network: open, secrets: { DNS: { generate: 32 } } },
      ["tls.acme.dnsProvider: is missing"],
    ],
    [
      "a provider without credentials",
      { tls: acme({ dnsProvider: "route53" }), network: open },
      ["tls.acme.dnsCredentials: is missing"],
    ],
    [
      "credentials that are no secret",
      { tls: acme({ dnsProvider: "route53", dnsCredentials: "DNS" }), network: open },
      ["secrets.DNS: is missing: pulumi config set --secret --path slipway:secrets.DNS"],
    ],
    [
      "a folder of certificates beside",
      { tls: { ...acme(), certificateFolder: "/etc/tls" }, network: open },
      ["tls.certificateFolder: is not used where slipway:tls.acme gets the certificate"],
    ],
    [
      "a folder of proofs beside",
      { tls: { ...acme(), acmeFolder: "/var/www" }, network: open },
      ["tls.acmeFolder: is not used where slipway:tls.acme gets the certificate"],
    ],
  ]);
});
