import { deepEqual, equal, match, ok } from "node:assert/strict";
import { kubernetes } from "../../../stacks/kubernetes/stack";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import type { KubernetesSettings } from "../../../stacks/settings/settings";
import { warningsOf } from "../../../stacks/settings/warnings";
import { stackSettings } from "../../../tools/review/stack-settings";
import type { Plan } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";

const cluster = { backupBucket: "s3://acme-backups/shop", ingressNamespace: "traefik" };
const prometheusUrl = "http://prometheus.monitoring:9090";
const file = {
  target: "kubernetes",
  preset: "production",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  storage: { implementation: "volume" },
};

type More = Readonly<Record<string, object>>;
const settings = ({ kubernetes: shape, ...more }: More) =>
  resolveSettings("test", { ...file, kubernetes: { ...cluster, ...shape }, ...more }, {}) as KubernetesSettings;
const plan = (more: More) => record(() => kubernetes(settings(more)));

function problemsOf(more: More): Record<string, string> {
  try {
    settings(more);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.problems.map(({ key, message }) => [key.replace("slipway:", ""), message]));
  }
}

type Fields = Readonly<Record<string, unknown>>;
const specOf = (made: Plan, type: string, name?: string) => only(made, type, name).inputs["spec"] as Fields;

/** Each pod that the stack's own objects make, by the object's name. */
function pods(made: Plan): [string, Fields][] {
  return made.resources.flatMap(({ inputs, type, name }): [string, Fields][] => {
    const { template, jobTemplate } = (inputs["spec"] ?? {}) as {
      template?: { spec: Fields };
      jobTemplate?: { spec: { template: { spec: Fields } } };
    };
    const found = jobTemplate?.spec.template ?? template;
    return found === undefined || !type.startsWith("kubernetes:") ? [] : [[name, found.spec]];
  });
}

describe("Kubernetes, affinity", () => {
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "karpenter.sh/capacity-type", operator: "NotIn", values: ["spot"] }] },
        ],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 50,
          podAffinityTerm: {
            labelSelector: { matchLabels: { app: "batch" } },
            topologyKey: "kubernetes.io/hostname",
          },
        },
      ],
    },
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: "search" } }, topologyKey: "topology.kubernetes.io/zone" },
      ],
    },
  };

  it("is of every pod of the stack, and of the database's by the operator's own names", async () => {
    const made = await plan({
      kubernetes: { affinity },
      workers: { mail: { command: ["node", "mail.js"] } },
      jobs: { nightly: { command: ["node", "n.js"], cron: "0 3 * * *" } },
    });
    const found = pods(made);
    equal(found.length, 6, "server, migration, worker, job, cache, pooler");
    for (const [name, spec] of found) deepEqual(spec["affinity"], affinity, name);
    const own = specOf(made, "kubernetes:postgresql.cnpg.io/v1:Cluster")["affinity"] as Fields;
    deepEqual(own["nodeAffinity"], affinity.nodeAffinity);
    deepEqual(own["additionalPodAffinity"], affinity.podAffinity);
    deepEqual(own["additionalPodAntiAffinity"], affinity.podAntiAffinity);
    equal(own["enablePodAntiAffinity"], true, "servers keep apart as before");
  });

  it("is not there where nobody asks for it", async () => {
    for (const [name, spec] of pods(await plan({}))) ok(!("affinity" in spec), name);
  });

  const term = (matchExpression: object) => ({
    kubernetes: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [matchExpression] }],
          },
        },
      },
    },
  });
  const refused: Readonly<Record<string, readonly [More, RegExp]>> = {
    "an operator without its values": [term({ key: "pool", operator: "In" }), /In takes one value or more/],
    "values that an operator does not take": [
      term({ key: "pool", operator: "Exists", values: ["web"] }),
      /Exists takes no values/,
    ],
    "a comparison with text": [term({ key: "cpus", operator: "Gt", values: ["many"] }), /Gt takes one whole number/],
    "an operator that is none": [term({ key: "pool", operator: "is", values: ["web"] }), /expected In, NotIn/],
    "a term that matches nothing": [
      {
        kubernetes: {
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } },
        },
      },
      /matches no node/,
    ],
    "affinity of pods without a topology": [
      {
        kubernetes: {
          affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
        },
      },
      /topology\.kubernetes\.io\/zone/,
    ],
    "a weight beyond 100": [
      {
        kubernetes: {
          affinity: {
            podAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: "a" } }],
            },
          },
        },
      },
      /100/,
    ],
    "a word that is not Kubernetes'": [{ kubernetes: { affinity: { nodeAffinities: {} } } }, /not a setting/],
  };
  for (const [what, [more, expected]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      const found = Object.entries(problemsOf(more)).map(([key, message]) => `${key}: ${message}`);
      equal(found.length, 1, found.join("\n"));
      match(found[0]!, /^kubernetes\.affinity/);
      match(found[0]!, expected);
    });
  }
});

describe("Kubernetes, a gateway of Cilium's own", () => {
  it("reaches what answers a challenge for the certificate, and declares no rule that is none", async () => {
    const made = await plan({
      tls: { issuer: "letsencrypt" },
      kubernetes: { gatewayClass: "cilium", networkPlugin: "cilium", ingressNamespace: undefined },
    });
    const spec = specOf(made, "kubernetes:cilium.io/v2:CiliumNetworkPolicy", "web-challenges-cilium");
    deepEqual(spec, {
      endpointSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      ingress: [{ fromEntities: ["ingress"], toPorts: [{ ports: [{ port: "8089", protocol: "TCP" }] }] }],
    });
    for (const { name, inputs } of all(made, "kubernetes:networking.k8s.io/v1:NetworkPolicy")) {
      const { ingress, egress } = inputs["spec"] as Fields;
      // The API server drops an empty list, and each apply would be a change.
      for (const rules of [ingress, egress]) ok(rules === undefined || (rules as unknown[]).length > 0, name);
    }
  });
});

describe("Kubernetes, a load balancer of the cloud's", () => {
  it("asks what answers 200, as an ALB by its annotation, unless somebody says otherwise", async () => {
    const path = "alb.ingress.kubernetes.io/healthcheck-path";
    const annotations = async (more: More) =>
      (only(await plan(more), "kubernetes:networking.k8s.io/v1:Ingress").inputs["metadata"] as Fields)[
        "annotations"
      ] as Record<string, string>;
    const shape = { ingressClass: "alb", ingressCidrs: ["10.0.0.0/16"] };
    equal((await annotations({ kubernetes: shape }))[path], "/api/health");
    equal((await annotations({ kubernetes: { ...shape, routeAnnotations: { [path]: "/up" } } }))[path], "/up");
    ok(!(path in (await annotations({ kubernetes: { ingressClass: "traefik" } }))));

    const listen = "alb.ingress.kubernetes.io/listen-ports";
    const redirect = "alb.ingress.kubernetes.io/ssl-redirect";
    const told = await annotations({ kubernetes: shape });
    equal(told["alb.ingress.kubernetes.io/target-type"], "ip");
    deepEqual(JSON.parse(told[listen]!), [{ HTTP: 80 }, { HTTPS: 443 }]);
    equal(told[redirect], "443");
    const own = await annotations({ kubernetes: { ...shape, routeAnnotations: { [listen]: '[{"HTTP":8080}]' } } });
    deepEqual([own[listen], own[redirect]], ['[{"HTTP":8080}]', undefined]);
  });

  it("finds idle connections open for as long as it keeps them", async () => {
    const spec = specOf(await plan({}), "kubernetes:apps/v1:Deployment", "web-deployment");
    const { containers } = (spec["template"] as { spec: { containers: [{ env: { name: string; value: string }[] }] } })
      .spec;
    const timeout = containers[0].env.find(({ name }) => name === "KEEP_ALIVE_TIMEOUT")!.value;
    // Envoy's default, in milliseconds; the package takes no more.
    equal(Number(timeout), 60 * 60 * 1000);
  });
});

describe("Kubernetes, zones that are required", () => {
  const zoneOf = (spec: Fields) => (spec["topologySpreadConstraints"] as readonly Fields[])[0]!;

  it("count where a pod could run alone, for replicas and for the database", async () => {
    const made = await plan({ kubernetes: { serviceZones: "required" } });
    const web = zoneOf(
      (specOf(made, "kubernetes:apps/v1:Deployment", "web-deployment")["template"] as { spec: Fields }).spec,
    );
    deepEqual(
      [web["whenUnsatisfiable"], web["nodeTaintsPolicy"], web["minDomains"]],
      ["DoNotSchedule", "Honor", undefined],
    );
    const database = zoneOf(specOf(made, "kubernetes:postgresql.cnpg.io/v1:Cluster"));
    deepEqual(
      [database["whenUnsatisfiable"], database["nodeTaintsPolicy"], database["minDomains"]],
      ["DoNotSchedule", "Honor", 2],
    );
  });

  it("are a preference of replicas by default", async () => {
    const spec = specOf(await plan({}), "kubernetes:apps/v1:Deployment", "web-deployment");
    equal(zoneOf((spec["template"] as { spec: Fields }).spec)["whenUnsatisfiable"], "ScheduleAnyway");
  });
});

describe("Kubernetes, the largest request body", () => {
  const annotationsOf = async (more: More) =>
    (only(await plan(more), "kubernetes:networking.k8s.io/v1:Ingress").inputs["metadata"] as Fields)[
      "annotations"
    ] as Record<string, string>;
  const bodySize = "nginx.ingress.kubernetes.io/proxy-body-size";

  it("is said to ingress-nginx, which annotations of one's own can overrule", async () => {
    const network = { maxBodyMb: 250 };
    equal((await annotationsOf({ kubernetes: { ingressClass: "nginx" }, network }))[bodySize], "250m");
    equal((await annotationsOf({ kubernetes: { ingressClass: "nginx" } }))[bodySize], "10m");
    const routeAnnotations = { [bodySize]: "1g" };
    equal((await annotationsOf({ kubernetes: { ingressClass: "nginx", routeAnnotations }, network }))[bodySize], "1g");
    ok(!(bodySize in (await annotationsOf({ kubernetes: { ingressClass: "traefik" } }))));
  });

  it("is refused where nothing would keep to it", () => {
    const network = { maxBodyMb: 250 };
    const said = (kubernetes: object) => problemsOf({ kubernetes, network })["network.maxBodyMb"] ?? "";
    match(said({ gateway: "infra/public" }), /HTTPRoute has no word/);
    match(said({ ingressClass: "traefik" }), /class traefik has no annotation/);
    match(said({}), /of the cluster's own choice/);
    equal(said({ ingressClass: "nginx" }), "");
  });
});

describe("Kubernetes, scaling by requests", () => {
  const keda = { kubernetes: { autoscaler: "keda", prometheusUrl } };
  const scaledObject = "kubernetes:keda.sh/v1alpha1:ScaledObject";
  const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

  it("is KEDA's, which has the autoscaler then", async () => {
    const service = { minReplicas: 3, maxReplicas: 30, targetMemoryPercent: false, requestsPerMinutePerReplica: 600 };
    const made = await plan({ ...keda, service });
    equal(all(made, autoscaler).length, 0);
    const spec = specOf(made, scaledObject);
    deepEqual(
      [spec["scaleTargetRef"], spec["minReplicaCount"], spec["maxReplicaCount"]],
      [{ apiVersion: "apps/v1", kind: "Deployment", name: "web" }, 3, 30],
    );
    deepEqual(spec["triggers"], [
      { type: "cpu", metricType: "Utilization", metadata: { value: "60" } },
      {
        type: "prometheus",
        metricType: "AverageValue",
        metadata: {
          serverAddress: prometheusUrl,
          query: '60 * sum(rate(http_requests_total{job="slipway/web"}[2m]))',
          threshold: "600",
          ignoreNullValues: "false",
        },
      },
    ]);
  });

  it("finds its workload, also a Rollout, which KEDA's webhook looks for", async () => {
    for (const [strategy, kind] of [
      ["rolling", "Deployment"],
      ["canary", "Rollout"],
    ] as const) {
      const made = await plan({ ...keda, release: { strategy } });
      const { dependencies, inputs } = only(made, scaledObject);
      ok(
        dependencies.some((urn) => urn.includes(`:${kind}::web-`)),
        kind,
      );
      equal(((inputs["spec"] as Fields)["scaleTargetRef"] as Fields)["kind"], kind);
    }
  });

  it("can take over from Kubernetes' own autoscaler: its webhook would refuse a workload that has one", async () => {
    const annotationsOf = async (more: More) =>
      (only(await plan(more), autoscaler).inputs["metadata"] as Fields)["annotations"];
    deepEqual(await annotationsOf({ kubernetes: { prometheusUrl } }), {
      "validations.keda.sh/hpa-ownership": "false",
    });
    equal(await annotationsOf({}), undefined, "without a Prometheus there is nothing to hand over to");
  });

  it("is refused without a Prometheus, without metrics, and as a number that nobody reads", () => {
    match(problemsOf({ kubernetes: { autoscaler: "keda" } })["kubernetes.prometheusUrl"] ?? "", /KEDA asks Prometheus/);
    const service = { health: { live: "/healthz", ready: "/healthz" }, migration: false };
    match(problemsOf({ ...keda, service })["kubernetes.autoscaler"] ?? "", /without @slipway\/next/);
    match(
      problemsOf({ service: { requestsPerMinutePerReplica: 600 } })["service.requestsPerMinutePerReplica"] ?? "",
      /autoscaler: keda/,
    );
  });
});

describe("Kubernetes, settings that could not act", () => {
  const refused: Readonly<Record<string, readonly [More, string, RegExp]>> = {
    "annotations of a ServiceAccount that is somebody else's": [
      { kubernetes: { serviceAccount: "shop", serviceAnnotations: { role: "shop" } } },
      "kubernetes.serviceAnnotations",
      /annotate that/,
    ],
    "a toleration that Kubernetes refuses": [
      { kubernetes: { tolerations: [{ key: "dedicated", operator: "Exists", value: "web" }] } },
      "kubernetes.tolerations[0].value",
      /Exists takes no value/,
    ],
    "a toleration of nothing": [
      { kubernetes: { tolerations: [{ effect: "NoSchedule" }] } },
      "kubernetes.tolerations[0].key",
      /or operator Exists/,
    ],
    "a label with a value that none has": [
      { kubernetes: { podLabels: { team: "the shop" } } },
      "kubernetes.podLabels.team",
      /letters, digits/,
    ],
    "a label by which network policies find the pods": [
      { kubernetes: { podLabels: { "slipway/role": "none" } } },
      "kubernetes.podLabels.slipway/role",
      /the stack's own/,
    ],
    "a label that a Deployment's controller gives": [
      { kubernetes: { podLabels: { "pod-template-hash": "1" } } },
      "kubernetes.podLabels.pod-template-hash",
      /the stack's own/,
    ],
    "an S3 endpoint for Google's storage": [
      { kubernetes: { backupBucket: "gs://acme-backups/shop", backupEndpoint: "https://minio.example.com" } },
      "kubernetes.backupEndpoint",
      /S3 API/,
    ],
    "a folder for backups that are nowhere": [
      { preset: "staging" as never, kubernetes: { backupBucket: undefined, backupServerName: "shop-eu-2" } },
      "kubernetes.backupServerName",
      /of no use without kubernetes.backupBucket/,
    ],
    "a reference without a key": [
      { secrets: { DSN: { reference: "sentry" } } },
      "secrets.DSN.reference",
      /name\/key of a Secret/,
    ],
    "a reference to a name that no Secret can have": [
      { secrets: { DSN: { reference: "My_Secret/dsn" } } },
      "secrets.DSN.reference",
      /none that Kubernetes knows/,
    ],
    "a migration in one text": [
      { service: { migration: "node migrate.js" as never } },
      "service.migration",
      /list of words/,
    ],
    "a migration that is nothing": [{ service: { migration: null as never } }, "service.migration", /or false when/],
  };
  for (const [what, [more, key, expected]] of Object.entries(refused)) {
    it(`refuse ${what}`, () => {
      const problems = problemsOf(more);
      deepEqual(Object.keys(problems), [key]);
      match(problems[key]!, expected);
    });
  }

  it("open no way to the node's credentials by a range that has their address in it", async () => {
    const outbound = [
      { cidr: "0.0.0.0/0" },
      { cidr: "::/0", ports: [8080] },
      { cidr: "10.0.0.0/8" },
      { cidr: "169.254.20.10/32", ports: [53] },
    ];
    const { egress } = specOf(
      await plan({ network: { outbound } }),
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "web-egress",
    ) as unknown as { egress: { to: { ipBlock: { cidr: string; except?: string[] } }[] }[] };
    deepEqual(
      egress.slice(1, 5).map(({ to }) => to[0]!.ipBlock),
      [
        { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] },
        { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::/32"] },
        { cidr: "10.0.0.0/8" },
        { cidr: "169.254.20.10/32" },
      ],
    );
  });

  it("are said where an implementation has no use for them", () => {
    const warned = (more: More) => warningsOf(settings(more)).find((warning) => warning.includes("no effect"));
    const external = {
      database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
      secrets: { DATABASE_PASSWORD: { reference: "database/password" } },
    };
    match(
      warned({ ...external, kubernetes: { poolerCpuMillis: 500 } }) ?? "",
      /kubernetes\.backupBucket, .*kubernetes\.poolerCpuMillis: no effect with database\.implementation external, only with cloudnative-pg/,
    );
    match(warned({ cache: { implementation: "none" }, kubernetes: { cacheCpuMillis: 500 } }) ?? "", /cacheCpuMillis/);
    match(
      warned({
        storage: { implementation: "external", bucket: "acme-uploads", region: "eu-central-1" },
        kubernetes: { uploadsStorageClass: "efs" },
      }) ?? "",
      /uploadsStorageClass: no effect with storage\.implementation external/,
    );
    equal(warned({ kubernetes: { walStorageGb: 5, cacheCpuMillis: 500, uploadsGb: 5 } }), undefined);
  });

  it("say how large a canary is whose weight no number of replicas gives", () => {
    const warned = (replicas: number, weightPercent: number, more: object = {}) =>
      warningsOf(
        settings({
          release: { strategy: "canary", weightPercent },
          service: { minReplicas: replicas, maxReplicas: 20 },
          kubernetes: { prometheusUrl, ...more },
        }),
      ).find((warning) => warning.includes("canary"));
    match(warned(2, 5) ?? "", /5 % is 1 of 3 replicas here, 33 % of the traffic/);
    equal(warned(4, 20), undefined);
    equal(warned(2, 5, { gateway: "infra/public" }), undefined);
  });
});

describe("Kubernetes with RDS beside it", () => {
  it("is priced by the region that RDS is in, as no other stack on Kubernetes is", () => {
    const region = (database: object) =>
      stackSettings({
        stack: "test",
        config: Object.fromEntries([
          ...Object.entries({ ...file, kubernetes: { ...cluster, prometheusUrl }, database }).map(
            ([key, value]): [string, string] => [
              `slipway:${key}`,
              typeof value === "string" ? value : JSON.stringify(value),
            ],
          ),
          ["aws:region", "eu-central-1"],
        ]),
        secretKeys: [],
      } as unknown as Parameters<typeof stackSettings>[0]).region;
    const rds = {
      implementation: "rds",
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
      clientSecurityGroupIds: ["sg-0a1b2c3d"],
    };
    equal(region(rds), "eu-central-1");
    equal(region({}), undefined);
  });
});
