import { specifyRefused, type Raw } from "../settings/refused";

const gateway = (more: Raw = {}): Raw => ({
  kubernetes: { gateway: "infra/web", ...more },
  tls: { issuer: undefined },
});
const ofClass = (gatewayClass: string, more: Raw = {}): Raw => ({ kubernetes: { gatewayClass, ...more } });
const prometheusUrl = "http://prometheus.monitoring:9090";
const judged = (release: Raw): Raw => ({ release, kubernetes: { prometheusUrl } });
const rds = {
  implementation: "rds",
  vpcId: "vpc-0a1b2c3d",
  subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
  clientSecurityGroupIds: ["sg-0a1b2c3d"],
};
const any = { ingressNamespace: undefined };

describe("constraints of kubernetes, one by one", () => {
  specifyRefused("kubernetes", [
    [
      "a canary that nobody judges",
      { release: { strategy: "canary" } },
      ["kubernetes.prometheusUrl: is missing: a canary is judged"],
    ],
    ["blue-green that nobody judges", { release: { strategy: "blue-green" } }, []],
    ["a canary", judged({ strategy: "canary" }), []],
    ["equal steps", judged({ strategy: "linear" }), ["release.strategy: is what ECS calls a canary in equal steps"]],
    ["steps of 3 minutes", judged({ strategy: "canary", stepMinutes: 3 }), []],
    [
      "steps of 2 minutes",
      judged({ strategy: "canary", stepMinutes: 2 }),
      ["release.stepMinutes: is too short to judge a release by"],
    ],
    ["a bake of 3 minutes", judged({ strategy: "blue-green", bakeMinutes: 3 }), []],
    [
      "a bake of 2 minutes",
      judged({ strategy: "blue-green", bakeMinutes: 2 }),
      ["release.bakeMinutes: is too short to judge a release by"],
    ],
    ["a bake of 2 minutes that nobody judges", { release: { strategy: "blue-green", bakeMinutes: 2 } }, []],
    ["an endpoint of S3", { kubernetes: { backupEndpoint: "https://s3.example.com" } }, []],
    [
      "an endpoint of a bucket that is none of S3",
      { kubernetes: { backupBucket: "gs://acme/shop", backupEndpoint: "https://s3.example.com" } },
      ["kubernetes.backupEndpoint: is the address of an S3 API, and backupBucket is none of S3"],
    ],
    ["a bucket that is none of S3", { kubernetes: { backupBucket: "gs://acme/shop" } }, []],
    ["no backups in production", { kubernetes: { backupBucket: undefined } }, ["kubernetes.backupBucket: is missing"]],
    ["no backups in staging", { preset: "staging", kubernetes: { backupBucket: undefined } }, []],
    [
      "an endpoint without a bucket",
      { preset: "staging", kubernetes: { backupBucket: undefined, backupEndpoint: "https://s3.example.com" } },
      ["kubernetes.backupEndpoint: is of no use without kubernetes.backupBucket"],
    ],
    [
      "a server's name without a bucket",
      { preset: "staging", kubernetes: { backupBucket: undefined, backupServerName: "shop" } },
      ["kubernetes.backupServerName: is of no use without kubernetes.backupBucket"],
    ],
    [
      "credentials without a bucket",
      { preset: "staging", kubernetes: { backupBucket: undefined, backupCredentialsSecret: "backups" } },
      ["kubernetes.backupCredentialsSecret: is of no use without kubernetes.backupBucket"],
    ],
    ["RDS", { kubernetes: { backupBucket: undefined }, database: rds }, []],
    ...["vpcId", "subnetIds", "clientSecurityGroupIds"].map(
      (key) =>
        [
          `RDS without ${key}`,
          { kubernetes: { backupBucket: undefined }, database: { ...rds, [key]: undefined } },
          [`database.${key}: is missing: RDS beside Kubernetes lives in the cluster's VPC`],
        ] as const,
    ),
    ["a Gateway", gateway(), []],
    [
      "a Gateway and a class of one",
      gateway({ gatewayClass: "cilium", networkPlugin: "cilium" }),
      ["kubernetes.gatewayClass: makes a Gateway; expected that or kubernetes.gateway", "tls.issuer: is missing"],
    ],
    [
      "a Gateway and an issuer",
      { kubernetes: { gateway: "infra/web" } },
      ["tls.issuer: is of no use with kubernetes.gateway"],
    ],
    [
      "a Gateway and a class of an Ingress",
      gateway({ ingressClass: "nginx" }),
      ["kubernetes.ingressClass: is of no use with kubernetes.gateway"],
    ],
    [
      "a class of a Gateway and one of an Ingress",
      ofClass("eg", { ingressClass: "nginx" }),
      ["kubernetes.ingressClass: is of no use with kubernetes.gateway"],
    ],
    ["a Gateway of the stack", ofClass("eg"), []],
    [
      "a Gateway of the stack without an issuer",
      { ...ofClass("eg"), tls: { issuer: undefined } },
      ["tls.issuer: is missing: the stack's Gateway needs a certificate"],
    ],
    [
      "Traefik's Gateway",
      ofClass("traefik"),
      ["kubernetes.gatewayClass: takes no ports but those of its own entry points"],
    ],
    ...["istio", "nginx", "kgateway", "agentgateway", "contour"].map(
      (name) =>
        [
          `${name}'s Gateway`,
          ofClass(name),
          ["kubernetes.gatewayClass: runs its proxies and their load balancer in the Gateway's namespace"],
        ] as const,
    ),
    ["Cilium's Gateway", ofClass("cilium", { networkPlugin: "cilium" }), []],
    [
      "Cilium's Gateway by another plugin",
      ofClass("cilium"),
      ["kubernetes.networkPlugin: lets nothing in from Cilium's own ingress"],
    ],
    [
      "Cilium's Ingress by another plugin",
      { kubernetes: { ingressClass: "cilium" } },
      ["kubernetes.networkPlugin: lets nothing in from Cilium's own ingress"],
    ],
    ["an ALB and an issuer", { kubernetes: { ingressClass: "alb" } }, ["tls.issuer: is of no use with an ALB"]],
    ["an ALB", { kubernetes: { ingressClass: "alb" }, tls: { issuer: undefined } }, []],
    [
      "an ingress from anywhere in production",
      { kubernetes: any },
      ["kubernetes.ingressNamespace: is missing: the namespace of the ingress controller's pods"],
    ],
    ["an ingress from anywhere in staging", { preset: "staging", kubernetes: any }, []],
    ["an ingress from some addresses", { kubernetes: { ...any, ingressCidrs: ["10.0.0.0/8"] } }, []],
    ["Cilium's ingress", { kubernetes: { ...any, networkPlugin: "cilium" } }, []],
    ["the Gateway's namespace", gateway(any), []],
    ...["traefik", "nginx", "haproxy", "kong", "contour", "istio", "webapprouting.kubernetes.azure.com"].map(
      (ingressClass) =>
        [`the usual namespace of ${ingressClass}`, { kubernetes: { ...any, ingressClass } }, []] as const,
    ),
    [
      "the usual namespace of another class",
      { kubernetes: { ...any, ingressClass: "own" } },
      ["kubernetes.ingressNamespace: is missing"],
    ],
    ["another name", { ...gateway(), network: { redirectFrom: ["www.example.com"] } }, []],
    [
      "another name of a Gateway of the stack",
      { ...ofClass("eg"), network: { redirectFrom: ["www.example.com"] } },
      [],
    ],
    [
      "its own name",
      { ...gateway(), network: { redirectFrom: ["shop.example.com"] } },
      ["network.redirectFrom: is another name of the stack already"],
    ],
    [
      "another name twice",
      { ...gateway(), network: { redirectFrom: ["a.example.com", "a.example.com"] } },
      ["network.redirectFrom: is another name of the stack already"],
    ],
    [
      "another name of an Ingress",
      { network: { redirectFrom: ["www.example.com"] } },
      ["network.redirectFrom: takes a gateway"],
    ],
    ["no other name of an Ingress", { network: { redirectFrom: [] } }, []],
    ["a body of another size by nginx", { kubernetes: { ingressClass: "nginx" }, network: { maxBodyMb: 50 } }, []],
    [
      "a body of another size by another class",
      { kubernetes: { ingressClass: "traefik" }, network: { maxBodyMb: 50 } },
      ["network.maxBodyMb: cannot act: an Ingress of class traefik has no annotation for it"],
    ],
    [
      "a body of another size by any class",
      { network: { maxBodyMb: 50 } },
      ["network.maxBodyMb: cannot act: an Ingress of class of the cluster's own choice has no annotation"],
    ],
    [
      "a body of another size by a Gateway",
      { ...gateway(), network: { maxBodyMb: 50 } },
      ["network.maxBodyMb: cannot act: an HTTPRoute has no word for it"],
    ],
    [
      "a body of another size by a Gateway of the stack",
      { ...ofClass("eg"), network: { maxBodyMb: 50 } },
      ["network.maxBodyMb: cannot act: an HTTPRoute has no word for it"],
    ],
    [
      "requests to scale by",
      { service: { requestsPerMinutePerReplica: 300 } },
      ["service.requestsPerMinutePerReplica: cannot act: Kubernetes' own autoscaler sees CPU and memory"],
    ],
    [
      "requests to scale by, with KEDA",
      { service: { requestsPerMinutePerReplica: 300 }, kubernetes: { autoscaler: "keda", prometheusUrl } },
      [],
    ],
    [
      "KEDA without Prometheus",
      { kubernetes: { autoscaler: "keda" } },
      ["kubernetes.prometheusUrl: is missing: KEDA asks Prometheus"],
    ],
    [
      "KEDA for an image without metrics",
      { service: { health: { ready: "/", live: "/" } }, kubernetes: { autoscaler: "keda", prometheusUrl } },
      ["kubernetes.autoscaler: counts requests by metrics"],
    ],
    ["as much as it may take", { kubernetes: { requestCpuMillis: 500, requestMemoryMb: 1024 } }, []],
    [
      "more CPU than it may take",
      { kubernetes: { requestCpuMillis: 501 } },
      ["kubernetes.requestCpuMillis: is more than service.cpuMillis, 500"],
    ],
    [
      "more memory than it may take",
      { kubernetes: { requestMemoryMb: 1025 } },
      ["kubernetes.requestMemoryMb: is more than service.memoryMb, 1024"],
    ],
    [
      "uploads that go in production",
      { storage: { implementation: "none" } },
      ["storage.implementation: does not work with target kubernetes"],
    ],
    ["uploads that go in staging", { preset: "staging", storage: { implementation: "none" } }, []],
    ["a user", { service: { user: 1 } }, []],
    ["root", { service: { user: 0 } }, ["service.user: is root"]],
    [
      "a canary of an image without metrics",
      { ...judged({ strategy: "canary" }), service: { health: { ready: "/", live: "/" } } },
      ["release.strategy: is judged by metrics"],
    ],
    [
      "blue-green of an image without metrics",
      { ...judged({ strategy: "blue-green" }), service: { health: { ready: "/", live: "/" } } },
      [],
    ],
    [
      "a reference that is none",
      { secrets: { A: { reference: "a b" } } },
      ["secrets.A.reference: is none that Kubernetes knows"],
    ],
    ["an account that exists", { kubernetes: { serviceAccount: "shop" } }, []],
    ["annotations", { kubernetes: { serviceAnnotations: { a: "b" } } }, []],
    [
      "annotations of an account that exists",
      { kubernetes: { serviceAccount: "shop", serviceAnnotations: { a: "b" } } },
      ["kubernetes.serviceAnnotations: is of no use with kubernetes.serviceAccount"],
    ],
    ...["slipway/a", "cnpg.io/cluster", "pod-template-hash", "rollouts-pod-template-hash"].map(
      (label) =>
        [
          `the stack's label ${label}`,
          { kubernetes: { podLabels: { [label]: "x" } } },
          [`kubernetes.podLabels.${label}: is the stack's own`],
        ] as const,
    ),
    ...["slipway", "my-pod-template-hash", "pod-template-hash-1", "x.cnpg.io/a"].map(
      (label) => [`another's label ${label}`, { kubernetes: { podLabels: { [label]: "x" } } }, []] as const,
    ),
  ]);
});
