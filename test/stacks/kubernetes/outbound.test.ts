import { deepEqual } from "node:assert/strict";
import { namespacesOf, placesOf, type Place, reachOf } from "../../../stacks/kubernetes/outbound";
import { resolveSettings } from "../../../stacks/settings/load";
import type { KubernetesSettings } from "../../../stacks/settings/settings";
import { type Raw, stackFile } from "../settings/refused";

/** Where a text leads, for an application in the namespace `shop`. */
const leads: readonly (readonly [text: string, places: readonly Place[]])[] = [
  ["https://api.example.com", [{ port: 443 }]],
  ["HTTP://api.example.com/a:b", [{ port: 80 }]],
  ["https://me:pw@api.example.com:8443/a?b#c", [{ port: 8443 }]],
  ["postgres://app@db/app", [{ namespace: "shop" }]],
  ["postgres://a.example.com,b.example.com:5433/app", [{ port: 5432 }, { port: 5433 }]],
  ["jdbc:postgresql://db.example.com/app", [{ port: 5432 }]],
  ["r2dbc:mysql://db.example.com/app", [{ port: 3306 }]],
  ["jdbc:sqlserver://db.example.com;databaseName=a", [{ port: 1433 }]],
  ["redis://a.example.com:1,redis://b.example.com:2", [{ port: 1 }, { port: 2 }]],
  ["http://otel.monitoring:4318", [{ namespace: "monitoring", port: 4318 }]],
  ["http://otel.monitoring.svc:4318", [{ namespace: "monitoring" }]],
  ["http://otel.monitoring.svc.cluster.local.:4318", [{ namespace: "monitoring" }]],
  ["http://otel-0.otel.monitoring.svc.cluster.local:4318", [{ namespace: "monitoring" }]],
  ["http://a.b.c.d.svc:80", [{ port: 80 }]],
  ["http://svc:80", [{ namespace: "shop" }]],
  ["http://a.svc:80", [{ namespace: "svc", port: 80 }]],
  ["http://192.0.2.1:8080", [{ port: 8080 }]],
  ["http://[2001:db8::1]:8080", [{ port: 8080 }]],
  ["statsd://metrics.example.com", [{ port: 8125, udp: true }]],
  ["udp://logs.example.com:514", [{ port: 514, udp: true }]],
  ["SYSLOG://logs.example.com", [{ port: 514, udp: true }]],
  ["smtp.example.com:587", [{ port: 587 }]],
  [" a.example.com:9092 , b.example.com:9093 ", [{ port: 9092 }, { port: 9093 }]],
  ["[2001:db8::1]:9092", [{ port: 9092 }]],
  ["host=db.example.com port=5433 user=app", [{ port: 5433 }]],
  ["user=app host=db.example.com,db2.example.com", [{ port: 5432 }, { port: 5432 }]],
  ["a.example.com:65535", [{ port: 65535 }]],
  ["http://a.example.com:1", [{ port: 1 }]],
  ...[
    "localhost:5432",
    "http://localhost",
    "a.example.com:65536",
    "http://a.example.com:0",
    "hello, world",
    "a.example.com:5432, and more",
    "x a.example.com:5432",
    "a.example.com:5432x",
    "12:30",
    "a.example.com",
    "acme://a.example.com",
    "localhost=1 port=5432",
    "export=1",
    "http://",
  ].map((text) => [text, []] as const),
];

describe("where an address leads", () => {
  for (const [text, places] of leads) it(text, () => deepEqual(placesOf(text, "shop"), places));

  it("names each namespace once, and none of the world", () => {
    deepEqual(namespacesOf([{ namespace: "a", port: 1 }, { port: 2 }, { namespace: "a" }, { namespace: "b" }]), [
      { namespace: "a" },
      { namespace: "b" },
    ]);
  });
});

describe("whom the application has to reach", () => {
  const reach = (more: Raw) =>
    reachOf(
      resolveSettings(
        "test",
        { ...stackFile("kubernetes", more) },
        { awsRegion: "eu-central-1" },
      ) as KubernetesSettings,
    );
  const variables = (environment: Raw) => reach({ service: { environment } });

  it("is HTTPS alone where nothing says more", () => {
    deepEqual(reach({}), { ports: [443], udpPorts: [], outbound: [] });
  });

  it("is every address of the settings", () => {
    const secrets = { DATABASE_PASSWORD: { generate: 32 }, REDIS_PASSWORD: { generate: 32 } };
    deepEqual(
      reach({
        database: { implementation: "external", url: "postgres://app@db.example.com:6432/app" },
        cache: { implementation: "external", url: "rediss://cache.infra.svc:6380" },
        storage: {
          implementation: "external",
          bucket: "acme-files",
          region: "eu-central-1",
          endpoint: "https://minio.example.com:9000",
        },
        network: { outbound: [{ namespace: "search" }] },
        secrets,
      }),
      { ports: [443, 6432, 9000], udpPorts: [], outbound: [{ namespace: "infra" }, { namespace: "search" }] },
    );
    deepEqual(
      variables({ A: "https://a.example.com:8443", B: "udp://b.example.com:514", C: "amqps://c.example.com" }),
      {
        ports: [443, 8443, 5671],
        udpPorts: [514],
        outbound: [],
      },
    );
  });

  it("is a host and a port in two variables", () => {
    for (const name of ["HOST", "HOSTNAME", "SERVER", "ADDRESS", "ADDR"])
      deepEqual(variables({ [`SMTP_${name}`]: "mail.example.com", SMTP_PORT: "2525" }).ports, [443, 2525], name);
    deepEqual(variables({ KAFKA_HOST: "a.example.com, b.example.com", KAFKA_PORT: "9092" }).ports, [443, 9092]);
    deepEqual(variables({ SMTP_HOST: "2001:db8::1", SMTP_PORT: "2525" }).ports, [443, 2525]);
    deepEqual(variables({ SMTP_HOST: "mail.infra.svc", SMTP_PORT: "2525" }).outbound, [{ namespace: "infra" }]);
    for (const port of ["x2525", "2525x", "252525", ""])
      deepEqual(variables({ SMTP_HOST: "mail.example.com", SMTP_PORT: port || "a" }).ports, [443], port);
    deepEqual(variables({ SMTP_HOST: "mail.example.com", MAIL_PORT: "2525" }).ports, [443]);
    deepEqual(variables({ SMTP_HOSTS: "mail.example.com", SMTP_PORT: "2525" }).ports, [443]);
  });

  it("is RDS beside the cluster", () => {
    const rds = {
      implementation: "rds",
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
      clientSecurityGroupIds: ["sg-0a1b2c3d"],
    };
    deepEqual(reach({ database: rds, kubernetes: { backupBucket: undefined } }).ports, [443, 5432]);
  });
});
