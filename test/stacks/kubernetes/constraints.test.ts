import { deepEqual, equal, ok } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import type { SettingsError } from "../../../stacks/settings/problems";
import { placeOf, placesOf } from "../../../stacks/kubernetes/outbound";
import { kubernetes } from "../../../stacks/kubernetes/stack";
import type { KubernetesSettings } from "../../../stacks/settings/settings";
import { all, only, record } from "../../record";

const cluster = { backupBucket: "s3://acme-backups/shop", ingressNamespace: "traefik" };
const file = {
  target: "kubernetes",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  kubernetes: cluster,
  storage: { implementation: "volume" },
};
const settings = (more: object) => resolveSettings("test", { ...file, ...more }, {}) as KubernetesSettings;
const plan = (more: object) => record(() => kubernetes(settings(more)));

function problemsOf(more: object): Record<string, string> {
  try {
    settings(more);
    return {};
  } catch (error) {
    return Object.fromEntries((error as SettingsError).problems.map(({ key, message }) => [key, message]));
  }
}

const prometheusUrl = "http://prometheus.monitoring:9090";

/** What is refused, and by which key. */
const refused: readonly (readonly [string, object, string, RegExp])[] = [
  [
    "a canary's step in which nothing can be measured twice",
    { kubernetes: { ...cluster, prometheusUrl }, release: { strategy: "canary", stepMinutes: 2 } },
    "slipway:release.stepMinutes",
    /too short to judge .* expected 3 or more/,
  ],
  [
    "a blue-green release that is over before it is judged",
    { kubernetes: { ...cluster, prometheusUrl }, release: { strategy: "blue-green", bakeMinutes: 1 } },
    "slipway:release.bakeMinutes",
    /too short to judge/,
  ],
  [
    "an issuer that a Gateway of somebody else would not ask",
    { kubernetes: { ...cluster, gateway: "gateways/public" }, tls: { issuer: "letsencrypt" } },
    "slipway:tls.issuer",
    /of no use with kubernetes\.gateway/,
  ],
  [
    "a Gateway without a certificate",
    { kubernetes: { ...cluster, gatewayClass: "envoy" } },
    "slipway:tls.issuer",
    /is missing/,
  ],
  [
    "uploads that end with the replica",
    { storage: { implementation: "none" } },
    "slipway:storage.implementation",
    /each replica would keep uploads for itself/,
  ],
  [
    "a request that is more than its limit",
    { service: { cpuMillis: 500 }, kubernetes: { ...cluster, requestCpuMillis: 501 } },
    "slipway:kubernetes.requestCpuMillis",
    /more than service\.cpuMillis, 500/,
  ],
  [
    "to redirect another name where nothing can",
    { network: { redirectFrom: ["www.example.com"] } },
    "slipway:network.redirectFrom",
    /takes a gateway/,
  ],
  [
    "a name that redirects to itself",
    {
      network: { redirectFrom: ["shop.example.com"] },
      kubernetes: { ...cluster, gatewayClass: "envoy" },
      tls: { issuer: "a" },
    },
    "slipway:network.redirectFrom",
    /another name of the stack already/,
  ],
  ...["istio", "nginx", "kgateway", "contour"].map(
    (gatewayClass) =>
      [
        `a Gateway of the stack's own whose proxies would be in its namespace, ${gatewayClass}`,
        { kubernetes: { ...cluster, gatewayClass }, tls: { issuer: "letsencrypt" } },
        "slipway:kubernetes.gatewayClass",
        /lets in neither; expected kubernetes\.gateway/,
      ] as const,
  ),
  [
    "to deny by default in a namespace that the cluster's DNS is in",
    { kubernetes: { ...cluster, namespace: "kube-system", existingNamespace: true } },
    "slipway:kubernetes.namespace",
    /Kubernetes' own/,
  ],
  [
    "a Gateway with ports that Traefik does not take",
    { kubernetes: { ...cluster, gatewayClass: "traefik" }, tls: { issuer: "letsencrypt" } },
    "slipway:kubernetes.gatewayClass",
    /8000 and 8443/,
  ],
  [
    "Cilium's own ingress without its policies",
    { kubernetes: { ...cluster, ingressClass: "cilium" } },
    "slipway:kubernetes.networkPlugin",
    /expected cilium/,
  ],
  [
    "an issuer that an ALB does not ask",
    { kubernetes: { ...cluster, ingressClass: "alb" }, tls: { issuer: "letsencrypt" } },
    "slipway:tls.issuer",
    /those of ACM/,
  ],
  [
    "several hosts of one database, by what is wrong with them",
    {
      database: { implementation: "external", url: "postgres://app@a.example.com:5432,b.example.com:5433/app" },
      secrets: { DATABASE_PASSWORD: { reference: "db/password" } },
    },
    "slipway:database.url",
    /names several hosts/,
  ],
  [
    "an ingress that nobody can tell from any pod",
    { kubernetes: { backupBucket: "s3://acme-backups/shop" } },
    "slipway:kubernetes.ingressNamespace",
    /is missing/,
  ],
];

describe("the settings of a cluster", () => {
  for (const [title, more, key, message] of refused) {
    it(`refuse ${title}`, () => {
      const problems = problemsOf(more);
      deepEqual(Object.keys(problems), [key]);
      ok(message.test(problems[key]!), problems[key]);
    });
  }

  it("find the ingress by its gateway, its class, its addresses or Cilium", () => {
    const { backupBucket } = cluster;
    for (const found of [
      { gateway: "gateways/public" },
      { ingressClass: "nginx" },
      { ingressCidrs: ["10.0.0.0/16"] },
      { networkPlugin: "cilium" },
    ]) {
      deepEqual(problemsOf({ kubernetes: { backupBucket, ...found } }), {}, JSON.stringify(found));
    }
  });

  it("say that there is nothing to migrate", async () => {
    equal(all(await plan({ service: { migration: false } }), "kubernetes:batch/v1:Job").length, 0);
    deepEqual(Object.keys(problemsOf({ service: { migration: [] } })), ["slipway:service.migration"]);
  });

  it("know where an address leads", () => {
    deepEqual(placeOf("http://otel.monitoring.svc:4318/v1", "shop"), { namespace: "monitoring" });
    deepEqual(placeOf("search:7700", "shop"), { namespace: "shop" });
    deepEqual(placeOf("otel.monitoring:4317", "shop"), { namespace: "monitoring", port: 4317 });
    deepEqual(placeOf("smtp://mail.example.com", "shop"), { port: 587 });
    deepEqual(placeOf("https://api.example.com:8080/v1", "shop"), { port: 8080 });
    for (const text of [
      "info",
      "http://localhost:9000",
      "a:b,c:d",
      "12:30",
      "data:image/png;base64,AAAA",
      "host only",
    ]) {
      equal(placeOf(text, "shop"), undefined, text);
    }
    const forms: Readonly<Record<string, object>> = {
      "k1.example.com:9092,k2.example.com:9093": [{ port: 9092 }, { port: 9093 }],
      "mongodb://u:p@a.db.example.com:27017,b.db.example.com:27018/shop?tls=true": [{ port: 27017 }, { port: 27018 }],
      "mongodb+srv://cluster.abc.mongodb.net/shop": [{ port: 27017 }],
      "jdbc:postgresql://db.eu.example.com:5439/shop": [{ port: 5439 }],
      "host=db.eu.example.com port=6432 user=app": [{ port: 6432 }],
      "nats://nats.queue.svc:4222,nats://n2.example.com:4223": [{ namespace: "queue" }, { port: 4223 }],
      "http://[2001:db8::1]:8080/": [{ port: 8080 }],
      "amqps://mq.eu.example.com": [{ port: 5671 }],
      "kafka-0.kafka.streams.svc:9092,kafka-1.kafka.streams.svc.cluster.local:9092": [
        { namespace: "streams" },
        { namespace: "streams" },
      ],
      "[2001:db8::1]:4317": [{ port: 4317 }],
      "statsd://metrics.eu.example.com": [{ port: 8125, udp: true }],
      "udp://statsd.monitoring:8126": [{ namespace: "monitoring", port: 8126, udp: true }],
    };
    for (const [text, places] of Object.entries(forms)) deepEqual(placesOf(text, "shop"), places, text);
  });

  it("open the way to every address that they name, and to what network.outbound adds", async () => {
    const { inputs } = only(
      await plan({
        service: {
          environment: { METRICS_ENDPOINT: "http://otel.monitoring.svc:4318", API: "https://api.acme.io:8080" },
        },
        network: { outbound: [{ cidr: "10.8.0.0/16", ports: [9200] }, { namespace: "search" }] },
      }),
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "web-egress",
    );
    const { egress } = inputs["spec"] as unknown as { egress: { ports?: { port: number }[]; to: object[] }[] };
    deepEqual(
      egress[0]!.ports!.map(({ port }) => port),
      [443, 8080],
    );
    const namespace = (name: string) => ({
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }],
    });
    deepEqual(egress.slice(1, 4), [
      namespace("monitoring"),
      { to: [{ ipBlock: { cidr: "10.8.0.0/16" } }], ports: [{ protocol: "TCP", port: 9200 }] },
      namespace("search"),
    ]);
  });

  it("open the way to an address in two variables, and to one of UDP", async () => {
    const environment = {
      SMTP_HOST: "mail.example.com",
      SMTP_PORT: "2525",
      PGHOST: "db1.eu.example.com, 2001:db8::1",
      PGPORT: "5439",
      SEARCH_SERVER: "search.tools",
      SEARCH_PORT: "7700",
      HTTP_PORT: "8080",
      STATSD: "udp://statsd.eu.example.com:8125",
    };
    const { inputs } = only(
      await plan({ service: { environment } }),
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "web-egress",
    );
    const { egress } = inputs["spec"] as unknown as { egress: { ports?: object[]; to: object[] }[] };
    deepEqual(egress[0]!.ports, [
      ...[443, 2525, 5439, 7700].map((port) => ({ protocol: "TCP", port })),
      { protocol: "UDP", port: 8125 },
    ]);
    deepEqual(egress[1]!.to, [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "tools" } } }]);
  });

  it("let Cilium have the load balancer of its own ingress, and nobody else", async () => {
    const allowed = async (kubernetes: object) =>
      (
        only(await plan({ kubernetes: { ...cluster, ...kubernetes } }), "kubernetes:core/v1:ResourceQuota").inputs[
          "spec"
        ] as unknown as { hard: Record<string, string> }
      ).hard["services.loadbalancers"];
    equal(await allowed({ ingressClass: "cilium", networkPlugin: "cilium" }), "1");
    equal(await allowed({ ingressClass: "traefik", networkPlugin: "cilium" }), "0");
  });

  it("write Cilium's own policies for what only Cilium has a name for", async () => {
    const policies = all(
      await plan({ kubernetes: { ...cluster, networkPlugin: "cilium" } }),
      "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
    );
    const entities = policies.flatMap(({ inputs }) =>
      JSON.stringify(inputs["spec"]).match(/"(ingress|host|kube-apiserver)"/g),
    );
    deepEqual(entities.sort(), ['"host"', '"ingress"', '"ingress"', '"kube-apiserver"']);
  });

  it("put every pod where they say", async () => {
    const tolerations = [{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }];
    const placed = await plan({
      kubernetes: {
        ...cluster,
        nodeSelector: { arch: "arm64" },
        tolerations,
        priorityClass: "site",
        podLabels: { team: "shop" },
      },
    });
    const templates = placed.resources.flatMap(({ inputs, type, name }) => {
      const { template } = (inputs["spec"] ?? {}) as { template?: { spec: Record<string, unknown> } };
      return template !== undefined && type.startsWith("kubernetes:") ? [[name, template.spec] as const] : [];
    });
    equal(templates.length, 4, "server, migration, cache, pooler");
    for (const [name, spec] of templates) {
      deepEqual(spec["nodeSelector"], { arch: "arm64" }, name);
      equal(spec["priorityClassName"], "site", name);
      deepEqual((spec["tolerations"] as object[])[0], tolerations[0], name);
    }
    const { affinity, priorityClassName } = only(placed, "kubernetes:postgresql.cnpg.io/v1:Cluster").inputs[
      "spec"
    ] as unknown as { affinity: object; priorityClassName: string };
    deepEqual(
      { ...affinity, priorityClassName },
      {
        enablePodAntiAffinity: true,
        nodeSelector: { arch: "arm64" },
        podAntiAffinityType: "preferred",
        priorityClassName: "site",
        tolerations,
        topologyKey: "kubernetes.io/hostname",
      },
    );
  });

  it("use a namespace and a ServiceAccount that exist, and change neither", async () => {
    const theirs = await plan({ kubernetes: { ...cluster, existingNamespace: true, serviceAccount: "shop" } });
    for (const type of ["Namespace", "ResourceQuota", "LimitRange", "ServiceAccount"]) {
      equal(all(theirs, `kubernetes:core/v1:${type}`).length, 0, type);
    }
  });

  it("do not keep a node from being drained for one database server", async () => {
    const enabled = async (standby: boolean) => {
      const { inputs } = only(await plan({ database: { standby } }), "kubernetes:postgresql.cnpg.io/v1:Cluster");
      return (inputs["spec"] as { enablePDB: boolean }).enablePDB;
    };
    deepEqual([await enabled(false), await enabled(true)], [false, true]);
  });

  it("open backups by the kind of place they name", async () => {
    const credentials = async (backupBucket: string) => {
      const { inputs } = only(
        await plan({ kubernetes: { ...cluster, backupBucket } }),
        "kubernetes:barmancloud.cnpg.io/v1:ObjectStore",
      );
      const { configuration } = inputs["spec"] as { configuration: object };
      return Object.entries(configuration).find(([key]) => key.endsWith("Credentials"));
    };
    deepEqual(await credentials("gs://acme-backups/shop"), ["googleCredentials", { gkeEnvironment: true }]);
    deepEqual(await credentials("https://acme.blob.core.windows.net/backups/shop"), [
      "azureCredentials",
      { inheritFromAzureAD: true },
    ]);
  });

  it("make a Gateway with listeners and certificate where they name a class", async () => {
    const { inputs } = only(
      await plan({ kubernetes: { ...cluster, gatewayClass: "envoy" }, tls: { issuer: "letsencrypt" } }),
      "kubernetes:gateway.networking.k8s.io/v1:Gateway",
    );
    const { listeners } = inputs["spec"] as unknown as {
      listeners: { name: string; tls?: { certificateRefs: object } }[];
    };
    deepEqual(
      listeners.map(({ name }) => name),
      ["https", "http"],
    );
    deepEqual(listeners[0]!.tls!.certificateRefs, [{ group: "", kind: "Secret", name: "web-tls" }]);
  });

  it("redirect other names at once, through a Gateway that exists or the stack's own", async () => {
    const network = { redirectFrom: ["www.example.com", "example.com"] };
    const own = { kubernetes: { ...cluster, gatewayClass: "envoy" }, tls: { issuer: "letsencrypt" }, network };
    const made = await plan(own);
    const spec = ({ inputs }: { inputs: object }) => (inputs as { spec: Record<string, unknown> }).spec;
    const route = spec(only(made, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "web-route-names"));
    deepEqual(route["hostnames"], network.redirectFrom);
    const [rule] = route["rules"] as [{ filters: [{ requestRedirect: object }] }];
    deepEqual(rule.filters[0].requestRedirect, { scheme: "https", hostname: "shop.example.com", statusCode: 301 });
    const names = (route["parentRefs"] as { sectionName: string }[]).map(({ sectionName }) => sectionName);
    deepEqual(names, ["https-1", "http-1", "https-2", "http-2"]);
    const { listeners } = spec(only(made, "kubernetes:gateway.networking.k8s.io/v1:Gateway")) as {
      listeners: { name: string; hostname: string }[];
    };
    deepEqual(
      listeners.map(({ name, hostname }) => `${name} ${hostname}`),
      [
        ...["https shop.example.com", "http shop.example.com"],
        ...["https-1 www.example.com", "http-1 www.example.com", "https-2 example.com", "http-2 example.com"],
      ],
    );
    const certificate = spec(only(made, "kubernetes:cert-manager.io/v1:Certificate"));
    deepEqual(certificate["dnsNames"], ["shop.example.com", ...network.redirectFrom]);

    const shared = await plan({ kubernetes: { ...cluster, gateway: "infra/public" }, network });
    const attached = spec(only(shared, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "web-route-names"));
    deepEqual(
      (attached["parentRefs"] as { sectionName: string }[]).map(({ sectionName }) => sectionName),
      ["https", "http"],
    );
  });

  it("keep less of a node for a replica than it may take, and do not throttle it where they say so", async () => {
    const requests = { requestCpuMillis: 100, requestMemoryMb: 200, cpuLimit: false };
    const made = await plan({ kubernetes: { ...cluster, ...requests }, service: { cpuMillis: 500, memoryMb: 512 } });
    const { inputs } = only(made, "kubernetes:apps/v1:Deployment", "web-deployment");
    const { template } = inputs["spec"] as unknown as {
      template: { spec: { containers: [{ resources: { requests: object; limits: object } }] } };
    };
    const { resources } = template.spec.containers[0];
    deepEqual(resources.requests, { cpu: "100m", memory: "200Mi", "ephemeral-storage": "64Mi" });
    deepEqual(resources.limits, { memory: "512Mi", "ephemeral-storage": "384Mi" });
    // A limit that the namespace gives would be one too, and less than what is asked for.
    const range = only(made, "kubernetes:core/v1:LimitRange").inputs["spec"] as unknown as {
      limits: [{ default: object }];
    };
    deepEqual(range.limits[0].default, { memory: "256Mi" });
  });

  it("take classes and accounts with dots in their names, as clouds call theirs", async () => {
    const made = await plan({
      kubernetes: { ...cluster, ingressNamespace: undefined, ingressClass: "webapprouting.kubernetes.azure.com" },
    });
    const { inputs } = only(made, "kubernetes:networking.k8s.io/v1:Ingress");
    equal((inputs["spec"] as { ingressClassName: string }).ingressClassName, "webapprouting.kubernetes.azure.com");
    // It is ingress-nginx, which takes bodies of 1 MiB unless it is told.
    const { annotations } = inputs["metadata"] as unknown as { annotations: Record<string, string> };
    equal(annotations["nginx.ingress.kubernetes.io/proxy-body-size"], "10m");
    ok(JSON.stringify(all(made, "kubernetes:networking.k8s.io/v1:NetworkPolicy")).includes('"app-routing-system"'));
    ok(problemsOf({ kubernetes: { ...cluster, ingressClass: "a..b" } })["slipway:kubernetes.ingressClass"]);
  });

  it("count the connections of all processes, a release's second set of replicas among them", async () => {
    const clients = async (more: object) => {
      const { inputs } = only(await plan(more), "kubernetes:postgresql.cnpg.io/v1:Pooler");
      const { pgbouncer } = inputs["spec"] as unknown as { pgbouncer: { parameters: Record<string, string> } };
      return pgbouncer.parameters["max_client_conn"];
    };
    const service = { minReplicas: 2, maxReplicas: 200 };
    const workers = { mail: { command: ["node", "mail.js"], replicas: 3 } };
    equal(await clients({ service, database: { poolSize: 20 }, workers }), String((250 + 4) * 20));
    const blueGreen = { strategy: "blue-green" };
    equal(await clients({ service, database: { poolSize: 20 }, release: blueGreen }), String(400 * 20));
    equal(await clients({}), "1000");
  });

  it("scale without memory where they say so", async () => {
    const metrics = async (targetMemoryPercent: number | false) => {
      const { inputs } = only(
        await plan({ service: { targetMemoryPercent } }),
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      );
      return (inputs["spec"] as unknown as { metrics: { resource: { name: string } }[] }).metrics.map(
        ({ resource }) => resource.name,
      );
    };
    deepEqual(await metrics(false), ["cpu"]);
    deepEqual(await metrics(60), ["cpu", "memory"]);
    ok(problemsOf({ service: { targetMemoryPercent: 95 } })["slipway:service.targetMemoryPercent"]);
  });

  it("label every object as Kubernetes recommends, and the pods", async () => {
    const made = await plan({ workers: { mail: { command: ["node", "mail.js"] } }, jobs: { j: { command: ["j"] } } });
    const recommended = ["name", "instance", "part-of", "component", "managed-by"].map(
      (each) => `app.kubernetes.io/${each}`,
    );
    for (const { type, name, inputs } of made.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      const { labels = {} } = inputs["metadata"] as { labels?: Record<string, string> };
      for (const key of recommended) ok(labels[key] !== undefined, `${type} ${name}: ${key}`);
    }
    const { inputs } = only(made, "kubernetes:apps/v1:Deployment", "worker-mail");
    const { selector, template } = inputs["spec"] as unknown as {
      selector: { matchLabels: object };
      template: { metadata: { labels: Record<string, string> } };
    };
    equal(template.metadata.labels["app.kubernetes.io/component"], "worker");
    // What a selector has can never be changed.
    deepEqual(selector.matchLabels, { "app.kubernetes.io/name": "worker-mail" });
  });
});
