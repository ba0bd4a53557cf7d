import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specifyRefused, type Raw, type Refused } from "../settings/refused";

const own = {
  hostedZoneId: undefined,
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
};
const edge = {
  cdnCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
};
const none = { implementation: "none" };
const nat = (value: string, more: Raw = {}): Raw => ({
  image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1",
  network: { nat: value, ...more },
});
const schedule = (more: Raw): Raw => ({
  service: { schedules: [{ cron: "0 6 * * *", minReplicas: 2, maxReplicas: 4, ...more }] },
});
const made = { generate: 32 };
const long = "mad".repeat(17);

describe("constraints of aws-ecs, one by one", () => {
  specifyRefused("aws-ecs", [
    [
      "a worker of a size that is none",
      { workers: { mail: { command: ["a"], cpuMillis: 300 } } },
      ["workers.mail.cpuMillis: is not a size of Fargate"],
    ],
    [
      "a worker's memory with the service's CPU",
      { workers: { mail: { command: ["a"], memoryMb: 512 } } },
      ["workers.mail.memoryMb: does not go with cpuMillis 500"],
    ],
    ["a worker of the service's size", { workers: { mail: { command: ["a"] } } }, []],
    [
      "a job of a size that is none",
      { jobs: { mail: { command: ["a"], cron: "0 3 * * *", cpuMillis: 300 } } },
      ["jobs.mail.cpuMillis: is not a size of Fargate"],
    ],
    [
      "a size of the service that is none, with a worker of it",
      { service: { cpuMillis: 300 }, workers: { mail: { command: ["a"] } } },
      ["service.cpuMillis: is not a size of Fargate"],
    ],
    ["300 s to start", { service: { startupSeconds: 300 } }, []],
    ["301 s to start", { service: { startupSeconds: 301 } }, ["service.startupSeconds: is more than ECS waits for"]],
    ["storage that grows by a tenth", { database: { storageGb: 50, maxStorageGb: 55 } }, []],
    [
      "storage that grows by less",
      { database: { storageGb: 50, maxStorageGb: 54 } },
      ["database.maxStorageGb: is less than a tenth above storageGb: expected 55"],
    ],
    [
      "a registry elsewhere without NAT",
      { network: { nat: "none" } },
      ["network.nat: leaves no way to an image outside of ECR"],
    ],
    ["ECR without NAT", nat("none"), []],
    [
      "a tag for ARM",
      { image: "ghcr.io/acme/shop:1-arm64" },
      ["image: is for linux/arm64 by its tag, and the tasks run on linux/amd64"],
    ],
    [
      "a tag for ARM by its other name, and a digest",
      { image: `ghcr.io/acme/shop:aarch64@sha256:${"a".repeat(64)}` },
      ["image: is for linux/arm64 by its tag"],
    ],
    ["a tag for ARM on ARM", { image: "ghcr.io/acme/shop:1_arm64", service: { platform: "linux/arm64" } }, []],
    [
      "a tag for x86 on ARM",
      { image: "ghcr.io/acme/shop:x86_64.1", service: { platform: "linux/arm64" } },
      ["image: is for linux/amd64 by its tag"],
    ],
    ["a tag for both", { image: "ghcr.io/acme/shop:amd64-arm64" }, []],
    ["a name for ARM", { image: "ghcr.io/acme/arm64:1" }, []],
    ["a word that begins so", { image: "ghcr.io/acme/shop:arm64x" }, []],
    ["a registry's port and a repository", { image: "arm64.example.com:5000/shop:1" }, []],
    [
      "a budget that tells nobody",
      { monitoring: { budgetUsd: 100 } },
      ["monitoring.emails: is missing: of monitoring.budgetUsd"],
    ],
    ["a budget that tells ten", { monitoring: { budgetUsd: 100, emails: addresses(10) } }, []],
    [
      "a budget that tells eleven",
      { monitoring: { budgetUsd: 100, emails: addresses(11) } },
      ["monitoring.emails: has 11 addresses: of monitoring.budgetUsd"],
    ],
    ["eleven receivers without a budget", { monitoring: { emails: addresses(11) } }, []],
    ["no firewall", { firewall: { mode: "none" } }, []],
    [
      "limits of no firewall",
      { firewall: { mode: "none", requestsPerAddress: 1000 } },
      ["firewall.mode: and firewall.requestsPerAddress exclude each other"],
    ],
    ["limits of a firewall", { firewall: { mode: "count", requestsPerAddress: 1000 } }, []],
    [
      "a name twice",
      { network: { redirectFrom: ["a.example.com", "a.example.com"] } },
      ["network.redirectFrom: is another name of the stack already"],
    ],
    [
      "its own name",
      { network: { redirectFrom: ["www.example.com", "shop.example.com"] } },
      ["network.redirectFrom: is another name of the stack already"],
    ],
    [
      "its origin's name",
      { network: { redirectFrom: ["origin.shop.example.com"] } },
      ["network.redirectFrom: is another name of the stack already"],
    ],
    ["two other names", { network: { redirectFrom: ["www.example.com", "example.com"] } }, []],
    ["a schedule", schedule({ timeZone: "Europe/Berlin" }), []],
    ["a schedule of as many", schedule({ minReplicas: 4 }), []],
    [
      "a schedule of fewer at most",
      schedule({ minReplicas: 5 }),
      ["service.schedules.0.maxReplicas: is less than minReplicas, 5"],
    ],
    [
      "a schedule in no zone",
      schedule({ timeZone: "Europe/Bonn" }),
      ["service.schedules.0.timeZone: is no time zone of the IANA database"],
    ],
    ["a schedule on a day of the month", schedule({ cron: " 0 6 1 * * " }), []],
    ["a schedule on a weekday", schedule({ cron: "0 6 * * MON" }), []],
    [
      "a schedule on both",
      schedule({ cron: "0 6 1 * MON" }),
      ["service.schedules.0.cron: names a day of the month and a weekday"],
    ],
    [
      "an endpoint that is there already",
      { network: { endpoints: ["s3", "dynamodb"] } },
      ["network.endpoints: is reached by a gateway", "network.endpoints: is reached by a gateway"],
    ],
    ["an endpoint twice", { network: { endpoints: ["logs", "logs"] } }, ["network.endpoints: stands there twice"]],
    ["two endpoints", { network: { endpoints: ["logs", "ssm"] } }, []],
    [
      "three zones where there are two",
      { network: { zones: 3 } },
      ["network.zones: us-west-1 offers 2 zones with Fargate: expected 2"],
      { awsRegion: "us-west-1" },
    ],
    ["zones by id", { network: { zones: 2, zoneIds: ["euc1-az1", "euc1-az2"] } }, []],
    [
      "fewer ids than zones",
      { network: { zones: 3, zoneIds: ["euc1-az1", "euc1-az2"] } },
      ["network.zoneIds: are 2, and slipway:network.zones is 3"],
    ],
    [
      "an id twice",
      { network: { zones: 2, zoneIds: ["euc1-az1", "euc1-az1"] } },
      ["network.zoneIds: stands there twice"],
    ],
    [
      "an id of elsewhere",
      { network: { zones: 2, zoneIds: ["euc1-az1", "use1-az2"] } },
      ["network.zoneIds: is no zone of eu-central-1, where they are called euc1-az1"],
    ],
    [
      "an id without Fargate",
      { network: { zones: 2, zoneIds: ["use1-az1", "use1-az3"] } },
      ["network.zoneIds: has no Fargate"],
      { awsRegion: "us-east-1" },
    ],
    [
      "CloudFront from GovCloud",
      { cdn: { implementation: "cloudfront" }, monitoring: { syntheticChecks: [] } },
      ["cdn.implementation: certificate and firewall of CloudFront are in us-east-1, out of reach of us-gov-west-1"],
      { awsRegion: "us-gov-west-1" },
    ],
    [
      "no certificate",
      { tls: { hostedZoneId: undefined }, cdn: none },
      [
        "tls.certificateArn: is missing: name the Route 53 zone of shop.example.com in slipway:tls.hostedZoneId, or tls.certificateArn",
      ],
    ],
    [
      "neither of two certificates",
      { tls: { hostedZoneId: undefined } },
      [
        "tls.certificateArn: is missing: name the Route 53 zone of shop.example.com in slipway:tls.hostedZoneId, or tls.certificateArn and tls.cdnCertificateArn",
      ],
    ],
    ["one of two certificates", { tls: own }, ["tls.cdnCertificateArn: is missing"]],
    ["both certificates", { tls: { ...own, ...edge } }, []],
    ["one certificate without a CDN", { tls: own, cdn: none }, []],
    [
      "the edge's without a CDN",
      { tls: { ...own, ...edge }, cdn: none },
      ["tls.cdnCertificateArn: is only for cdn.implementation cloudfront"],
    ],
    [
      "a zone and a certificate",
      { tls: { certificateArn: own.certificateArn } },
      ["tls.hostedZoneId: and certificates of your own exclude each other"],
    ],
    [
      "a zone and the edge's certificate",
      { tls: edge },
      ["tls.hostedZoneId: and certificates of your own exclude each other"],
    ],
    ["records to take over", { tls: { overwriteRecords: true } }, []],
    [
      "records to take over without a zone",
      { tls: { ...own, overwriteRecords: true }, cdn: none },
      ["tls.overwriteRecords: is only for tls.hostedZoneId"],
    ],
    ["no records to take over without a zone", { tls: { ...own, overwriteRecords: false }, cdn: none }, []],
    ["a name that nobody signs", { domain: "shop.internal" }, ["domain: gets no certificate of ACM"]],
    ["a name that nobody signs, with a certificate", { domain: "shop.internal", tls: own, cdn: none }, []],
    ["64 characters", { domain: `a${long}.example.com` }, []],
    [
      "65 characters",
      { domain: `a.${long}.example.com` },
      ["domain: has 65 characters: ACM makes certificates for names of 64 at most"],
    ],
    ["65 characters with a certificate", { domain: `a.${long}.example.com`, tls: own, cdn: none }, []],
    [
      "a reference that is none",
      { secrets: { A: { reference: "vault:a" } } },
      ["secrets.A.reference: is not the ARN of a secret in Secrets Manager"],
    ],
    ["a project with a dot", {}, ["the project's name: goes into names on AWS"], { project: "my.shop" }],
    ["names of 51 characters", {}, [], { project: "a".repeat(47) }],
    [
      "names of 52 characters",
      {},
      [`the stack's name: with that of the project, ${"a".repeat(48)}, has 52 characters: expected 51 at most`],
      { project: "a".repeat(48) },
    ],
    [
      "a readiness that is a connection",
      { service: { health: { ready: "tcp", live: "tcp" } } },
      ["service.health.ready: cannot be asked by an Application Load Balancer"],
    ],
    ["a secret that is made", { secrets: { A: made } }, []],
  ] satisfies Refused[]);

  const folder = mkdtempSync(join(tmpdir(), "slipway-dockerfile-"));
  after(() => rmSync(folder, { recursive: true }));
  const from = (name: string, text: string): Raw => {
    writeFileSync(join(folder, name), text);
    return { image: undefined, build: { context: ".", dockerfile: name } };
  };
  specifyRefused("aws-ecs", [
    ["a Dockerfile for any platform", from("any", "FROM node\n"), [], { folder }],
    ["a Dockerfile for this platform", from("own", "FROM --platform=linux/amd64 node\n"), [], { folder }],
    [
      "a Dockerfile for another",
      from("arm", "FROM node AS a\n  from --platform=linux/arm64 node\nRUN FROM\n"),
      ["service.platform: and the Dockerfile's `FROM --platform=linux/arm64` exclude each other"],
      { folder },
    ],
    ["a first stage for another", from("stage", "FROM --platform=linux/arm64 node AS a\nFROM node\n"), [], { folder }],
  ]);
});

describe("what leads out of a VPC without NAT", () => {
  const external = (url: string): Raw => ({
    ...nat("none"),
    database: { implementation: "external", url },
    secrets: { DATABASE_PASSWORD: made },
  });
  const said = (host: string) => [`database.url: leads to ${host}, and slipway:network.nat none leaves no way there`];
  specifyRefused("aws-ecs", [
    ["the internet", external("postgres://a@db.example.com/a"), said("db.example.com")],
    ["a private name", external("postgres://a@db.internal/a"), []],
    ...["10.0.0.1", "192.168.0.1", "172.16.0.1", "172.31.0.1", "100.64.0.1", "100.127.0.1"].map((host): Refused => [
      host,
      external(`postgres://a@${host}/a`),
      [],
    ]),
    ...["11.0.0.1", "192.169.0.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1"].map((host): Refused => [
      host,
      external(`postgres://a@${host}/a`),
      said(host),
    ]),
    ["the internet with NAT", { ...external("postgres://a@db.example.com/a"), network: { nat: "one" } }, []],
    [
      "an address of IPv6",
      { ...external("postgres://a@[2001:db8::1]/a"), network: { nat: "one" } },
      ["database.url: leads to the IPv6 address [2001:db8::1], and tasks have IPv4 alone"],
    ],
    [
      "a variable with an address",
      { ...nat("none"), service: { environment: { API: "https://api.example.com/a" } } },
      ["service.environment.API: leads to api.example.com"],
    ],
    [
      "a variable with a word",
      { ...nat("none"), service: { environment: { API: "api.example.com", B: "mailto://x" } } },
      [],
    ],
  ]);
});

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `ops${index}@example.com`);
}
