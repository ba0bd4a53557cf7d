import { strict as assert } from "node:assert";
import { findingsOf } from "../../../../tools/operate/doctor/diagnose";
import { kubernetesRows } from "../../../../tools/operate/doctor/kubernetes/doctor";
import { controller, facts, items, resources, rowOf, type World } from "./world";

interface Case {
  readonly file?: object;
  /** Answers with what is there, or with the command that puts it right. */
  readonly cases: readonly (readonly [World, RegExp, "present" | "missing" | "unknown"])[];
}

const deployments = "/apis/apps/v1/deployments";
const daemonsets = "/apis/apps/v1/daemonsets";
const classes = "/apis/storage.k8s.io/v1/storageclasses";
const slices = (namespace: string, service: string) =>
  `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${service}`;
const isDefault = { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
const gatewayPath = "/apis/gateway.networking.k8s.io/v1/namespaces/infra/gateways/public";
const condition = (type: string, status = "True") => ({ status: { conditions: [{ type, status, message: "why" }] } });
const node = (labels: object, status = "True") => ({ metadata: { name: "n", labels }, ...condition("Ready", status) });
const gateway = (listeners: object[], status = "True") => ({
  [gatewayPath]: { metadata: {}, spec: { gatewayClassName: "envoy", listeners }, ...condition("Programmed", status) },
});
const open = { allowedRoutes: { namespaces: { from: "All" } } };
const backupBucket = "s3://acme-backups/shop";
const prometheus = (selectors: object, namespace = "monitoring") => ({
  "/apis/monitoring.coreos.com/v1/prometheuses": items({ metadata: { name: "p", namespace }, spec: selectors }),
});
const everything = {
  podMonitorSelector: {},
  podMonitorNamespaceSelector: {},
  ruleSelector: {},
  ruleNamespaceSelector: {},
};
const pods = (namespace: string, ...specs: object[]) => ({
  [`/api/v1/namespaces/${namespace}/pods?limit=50`]: items(...specs.map((spec) => ({ spec }))),
});

/** One case at least in which a row is content, and each way in which it is not. */
const rows: Readonly<Record<string, Case>> = {
  version: {
    cases: [
      [{ "/version": { gitVersion: "v1.30.0" } }, /v1\.30\.0/, "present"],
      [{ "/version": { gitVersion: "v1.29.9-gke.1" } }, /upgrade the control plane/, "missing"],
    ],
  },
  "api-versions": {
    cases: [
      [{ "/apis/apps/v1": resources("Deployment"), "/api/v1": resources("Namespace") }, /all 2 kinds/, "present"],
      [
        { "/apis/apps/v1": resources("Deployment"), "/api/v1": resources("Pod") },
        /not served: v1 Namespace/,
        "missing",
      ],
    ],
  },
  "existing-namespace": {
    file: { kubernetes: { namespace: "shop", existingNamespace: true } },
    cases: [
      [{ "/api/v1/namespaces/shop": {} }, /shop/, "present"],
      [{}, /^kubectl create namespace shop$/m, "missing"],
    ],
  },
  "service-account": {
    file: { kubernetes: { namespace: "shop", serviceAccount: "web" } },
    cases: [
      [{ "/api/v1/namespaces/shop/serviceaccounts/web": {} }, /shop\/web/, "present"],
      [{}, /^kubectl --namespace shop create serviceaccount web$/m, "missing"],
    ],
  },
  "priority-class": {
    file: { kubernetes: { namespace: "shop", priorityClass: "high" } },
    cases: [
      [{ "/apis/scheduling.k8s.io/v1/priorityclasses/high": {} }, /high/, "present"],
      [{}, /^kubectl create priorityclass high/m, "missing"],
    ],
  },
  nodes: {
    file: { kubernetes: { namespace: "shop", nodeSelector: { pool: "web" } } },
    cases: [
      [{ "/api/v1/nodes": items(node({ pool: "web" })) }, /1 node/, "present"],
      [
        { "/api/v1/nodes": items(node({ pool: "web" }, "False"), node({})) },
        /^kubectl label node NODE pool=web$/m,
        "missing",
      ],
    ],
  },
  zones: {
    cases: [
      [
        {
          "/api/v1/nodes": items(
            node({ "topology.kubernetes.io/zone": "b" }),
            node({ "topology.kubernetes.io/zone": "a" }),
          ),
        },
        /a, b/,
        "present",
      ],
      [{ "/api/v1/nodes": items(node({ "topology.kubernetes.io/zone": "a" })) }, /all nodes are in a/, "missing"],
    ],
  },
  "secrets-in-namespace": {
    file: {
      kubernetes: { namespace: "shop", imagePullSecret: "registry" },
      secrets: { DSN: { reference: "sentry/dsn" } },
    },
    cases: [
      [
        { "/api/v1/namespaces/shop/secrets/registry": {}, "/api/v1/namespaces/shop/secrets/sentry": {} },
        /registry, sentry/,
        "present",
      ],
      [{ "/api/v1/namespaces/shop/secrets/registry": {} }, /not in shop: sentry/, "missing"],
    ],
  },
  "network-policies": {
    cases: [
      [
        { [daemonsets]: items(controller("kube-system", "quay.io/calico/node:v3.29.1")) },
        /known to enforce/,
        "present",
      ],
      [{ "/version": { gitVersion: "v1.33.1+k3s1" } }, /k3s/, "present"],
      [
        { [daemonsets]: items(controller("kube-flannel", "ghcr.io/flannel-io/flannel:v0.26")) },
        /flannel, which enforces none/,
        "missing",
      ],
      [
        {
          [daemonsets]: items(
            controller(
              "kube-system",
              "602401143452.dkr.ecr.eu-central-1.amazonaws.com/amazon/aws-network-policy-agent:v1.2.1",
            ),
          ),
        },
        /^aws eks update-addon .*enableNetworkPolicy/m,
        "missing",
      ],
      [{}, /^npx slipway doctor staging --probe$/m, "unknown"],
    ],
  },
  dns: {
    cases: [
      [
        { [slices("kube-system", "kube-dns")]: items({ endpoints: [{ addresses: ["10.244.0.2"] }] }) },
        /1 addresses/,
        "present",
      ],
      [
        { "/api/v1/nodes": items({ spec: { providerID: "gce://p/z/n" } }) },
        /dnsCidrs\[0\]' 169\.254\.169\.254\/32$/m,
        "missing",
      ],
      [
        {
          [daemonsets]: items({
            ...controller("kube-system", "k8s-dns-node-cache:1", 1, { args: ["-localip", "169.254.20.10,10.96.0.10"] }),
            metadata: { name: "node-local-dns" },
          }),
        },
        /dnsCidrs\[0\]' 10\.96\.0\.10\/32$/m,
        "missing",
      ],
      [{}, /dnsCidrs\[0\]' ADDRESS\/32$/m, "missing"],
    ],
  },
  "api-server": {
    file: { kubernetes: { namespace: "shop", apiServerCidrs: ["10.0.0.0/24"] } },
    cases: [
      [
        {
          [slices("default", "kubernetes")]: items({
            endpoints: [{ addresses: ["10.0.0.7"] }],
            ports: [{ port: 6443 }],
          }),
        },
        /on 6443/,
        "present",
      ],
      [
        {
          [slices("default", "kubernetes")]: items({
            endpoints: [{ addresses: ["10.0.0.7"] }],
            ports: [{ port: 16443 }],
          }),
        },
        /apiServerPorts\[1\]' 16443$/m,
        "missing",
      ],
      [
        {
          [slices("default", "kubernetes")]: items({
            endpoints: [{ addresses: ["10.1.0.7"] }],
            ports: [{ port: 443 }],
          }),
        },
        /apiServerCidrs\[1\]' 10\.1\.0\.7\/32$/m,
        "missing",
      ],
    ],
  },
  "ingress-source": {
    file: { kubernetes: { namespace: "shop", ingressClass: "traefik" } },
    cases: [
      [pods("traefik", {}), /from the pods in traefik/, "present"],
      [pods("traefik", { hostNetwork: true }), /ingressCidrs\[0\]' RANGE-OF-THE-NODES$/m, "missing"],
      [
        { [deployments]: items(controller("edge", "docker.io/library/traefik:v3.3")) },
        /kubernetes\.ingressNamespace edge$/m,
        "missing",
      ],
      [
        {
          "/apis/networking.k8s.io/v1/ingressclasses/traefik": { spec: { controller: "cilium.io/ingress-controller" } },
        },
        /networkPlugin cilium$/m,
        "missing",
      ],
      [
        { "/apis/networking.k8s.io/v1/ingressclasses/traefik": { spec: { controller: "ingress.k8s.aws/alb" } } },
        /ingressCidrs\[0\]' SUBNET$/m,
        "missing",
      ],
    ],
  },
  "ingress-class": {
    file: { kubernetes: { namespace: "shop", ingressClass: "traefik" } },
    cases: [
      [{ "/apis/networking.k8s.io/v1/ingressclasses": items({ metadata: { name: "traefik" } }) }, /traefik/, "present"],
      [
        { "/apis/networking.k8s.io/v1/ingressclasses": items({ metadata: { name: "nginx" } }) },
        /kubernetes\.ingressClass nginx$/m,
        "missing",
      ],
    ],
  },
  "gateway-api": {
    file: { kubernetes: { namespace: "shop", gateway: "infra/public" } },
    cases: [1.2, 1.1].map((version) => [
      {
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io": {
          metadata: { annotations: { "gateway.networking.k8s.io/bundle-version": `v${version}.0` } },
        },
      },
      version === 1.2 ? /1\.2\.0/ : /standard-install\.yaml$/m,
      version === 1.2 ? "present" : "missing",
    ]),
  },
  gateway: {
    file: { kubernetes: { namespace: "shop", gateway: "infra/public" } },
    cases: [
      [
        gateway([
          { name: "https", ...open, hostname: "*.example.com" },
          { name: "http", ...open },
        ]),
        /infra\/public/,
        "present",
      ],
      [gateway([{ name: "https", ...open }]), /no listener http/, "missing"],
      [
        gateway([{ name: "https" }, { name: "http", ...open }]),
        /listener https does not let routes of shop attach/,
        "missing",
      ],
      [
        gateway([
          { name: "https", ...open, hostname: "*.example.org" },
          { name: "http", ...open },
        ]),
        /https is for \*\.example\.org/,
        "missing",
      ],
      [gateway([], "False"), /Programmed is False: why/, "missing"],
      [{}, /no Gateway public in infra/, "missing"],
    ],
  },
  "gateway-class": {
    file: { kubernetes: { namespace: "shop", gatewayClass: "envoy" }, tls: { issuer: "letsencrypt" } },
    cases: [
      [{ "/apis/gateway.networking.k8s.io/v1/gatewayclasses/envoy": condition("Accepted") }, /envoy/, "present"],
      [
        { "/apis/gateway.networking.k8s.io/v1/gatewayclasses/envoy": { status: {} } },
        /does its controller run/,
        "missing",
      ],
      [
        { "/apis/gateway.networking.k8s.io/v1/gatewayclasses": items({ metadata: { name: "eg" } }) },
        /gatewayClass eg$/m,
        "missing",
      ],
    ],
  },
  "cert-manager": {
    file: { tls: { issuer: "letsencrypt" } },
    cases: [
      [
        {
          "/apis/cert-manager.io/v1": resources("Certificate"),
          [deployments]: items(controller("cert-manager", "quay.io/jetstack/cert-manager-controller:v1.18.0")),
        },
        /1\.18\.0, in cert-manager/,
        "present",
      ],
      [
        {
          "/apis/cert-manager.io/v1": resources("Certificate"),
          [deployments]: items(controller("c", "cert-manager-controller:v1.14.9")),
        },
        /runs 1\.14\.9; expected 1\.15/,
        "missing",
      ],
      [{}, /^helm upgrade --install cert-manager .*--version v1\.21\.2 .*crds\.enabled=true/m, "missing"],
    ],
  },
  issuer: {
    file: { tls: { issuer: "letsencrypt" } },
    cases: [
      [{ "/apis/cert-manager.io/v1/clusterissuers/letsencrypt": condition("Ready") }, /letsencrypt/, "present"],
      [
        { "/apis/cert-manager.io/v1/clusterissuers/letsencrypt": condition("Ready", "False") },
        /^kubectl describe clusterissuer letsencrypt$/m,
        "missing",
      ],
      [{}, /there is no letsencrypt/, "missing"],
    ],
  },
  "cloudnative-pg": {
    cases: [
      [
        {
          "/apis/postgresql.cnpg.io/v1": resources("Cluster"),
          [deployments]: items(controller("cnpg-system", "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0")),
        },
        /CloudNativePG 1\.30\.0/,
        "present",
      ],
      [
        {
          "/apis/postgresql.cnpg.io/v1": resources("Cluster"),
          [deployments]: items(controller("cnpg-system", "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0", 0)),
        },
        /has no ready pod/,
        "missing",
      ],
      [{ "/apis/postgresql.cnpg.io/v1": resources("Cluster") }, /no Deployment runs/, "missing"],
      [
        {
          [deployments]: new Error("Error from server (Forbidden): deployments.apps is forbidden"),
          "/apis/postgresql.cnpg.io/v1": resources("Cluster"),
        },
        /Forbidden/,
        "unknown",
      ],
    ],
  },
  "operator-namespace": {
    cases: [
      [{ [deployments]: items(controller("cnpg-system", "cloudnative-pg:1.30.0")) }, /cnpg-system/, "present"],
      [
        { [deployments]: items(controller("postgres", "cloudnative-pg:1.30.0")) },
        /operatorNamespace postgres$/m,
        "missing",
      ],
    ],
  },
  "barman-plugin": {
    file: { kubernetes: { namespace: "shop", backupBucket } },
    cases: [
      [
        {
          "/apis/barmancloud.cnpg.io/v1": resources("ObjectStore"),
          [deployments]: items(controller("cnpg-system", "plugin-barman-cloud:v0.13.0")),
        },
        /0\.13\.0, in cnpg-system/,
        "present",
      ],
      [
        {
          "/apis/barmancloud.cnpg.io/v1": resources("ObjectStore"),
          [deployments]: items(controller("barman", "plugin-barman-cloud:v0.13.0")),
        },
        /looks for plugins in cnpg-system/,
        "missing",
      ],
      [{}, /^helm upgrade --install plugin-barman-cloud .*--version 0\.7\.0/m, "missing"],
    ],
  },
  "storage-class": {
    cases: [
      [
        { [classes]: items({ metadata: { name: "gp3", ...isDefault }, provisioner: "ebs.csi.aws.com" }) },
        /gp3/,
        "present",
      ],
      [
        { [classes]: items({ metadata: { name: "gp3" }, provisioner: "ebs.csi.aws.com" }) },
        /kubernetes\.storageClass gp3$/m,
        "missing",
      ],
    ],
  },
  "storage-class-modes": {
    cases: [
      [
        {
          [classes]: items({
            metadata: { name: "gp3", ...isDefault },
            provisioner: "e",
            allowVolumeExpansion: true,
            volumeBindingMode: "WaitForFirstConsumer",
          }),
        },
        /can grow/,
        "present",
      ],
      [
        {
          [classes]: items({
            metadata: { name: "gp3", ...isDefault },
            provisioner: "e",
            volumeBindingMode: "Immediate",
          }),
        },
        /cannot grow.*, and are made before[^]*kubectl patch storageclass gp3/,
        "missing",
      ],
    ],
  },
  "uploads-storage-class": {
    file: { storage: { implementation: "volume" }, kubernetes: { namespace: "shop", uploadsStorageClass: "files" } },
    cases: [
      [{ [classes]: items({ metadata: { name: "files" }, provisioner: "efs.csi.aws.com" }) }, /efs/, "present"],
      [
        {
          [classes]: items(
            { metadata: { name: "files" }, provisioner: "ebs.csi.aws.com" },
            { metadata: { name: "nfs" }, provisioner: "nfs.csi.k8s.io" },
          ),
        },
        /one node at a time[^]*uploadsStorageClass nfs$/m,
        "missing",
      ],
      [{ [classes]: items({ metadata: { name: "files" }, provisioner: "acme.com/csi" }) }, /not known here/, "unknown"],
    ],
  },
  "argo-rollouts": {
    file: { release: { strategy: "blue-green" } },
    cases: [
      [
        {
          "/apis/argoproj.io/v1alpha1": resources("Rollout"),
          [deployments]: items(controller("argo-rollouts", "quay.io/argoproj/argo-rollouts:v1.9.2")),
        },
        /1\.9\.2/,
        "present",
      ],
      [{}, /^helm upgrade --install argo-rollouts .*--version 2\.41\.0/m, "missing"],
    ],
  },
  keda: {
    file: { kubernetes: { namespace: "shop", autoscaler: "keda", prometheusUrl: "http://prometheus.monitoring:9090" } },
    cases: [
      [
        {
          "/apis/keda.sh/v1alpha1": resources("ScaledObject"),
          [deployments]: items(
            controller("keda-operator", "ghcr.io/kedacore/keda:2.20.2"),
            controller("keda-operator-metrics-apiserver", "ghcr.io/kedacore/keda-metrics-apiserver:2.20.2"),
          ),
        },
        /KEDA 2\.20\.2, in keda-operator/,
        "present",
      ],
      [
        {
          "/apis/keda.sh/v1alpha1": resources("ScaledObject"),
          [deployments]: items(controller("keda-operator", "ghcr.io/kedacore/keda:2.14.0")),
        },
        /expected 2\.15 or later/,
        "missing",
      ],
      [{}, /^helm upgrade --install keda .*--version 2\.20\.2/m, "missing"],
    ],
  },
  "argo-gateway-plugin": {
    file: {
      release: { strategy: "canary" },
      kubernetes: { namespace: "shop", gateway: "infra/public", prometheusUrl: "http://prometheus.monitoring:9090" },
    },
    cases: [
      [
        {
          "/api/v1/namespaces/argo-rollouts/configmaps/argo-rollouts-config": {
            data: { trafficRouterPlugins: '- name: "argoproj-labs/gatewayAPI"' },
          },
        },
        /gatewayAPI/,
        "present",
      ],
      [{}, /^helm upgrade --install argo-rollouts .*trafficRouterPlugins=.*gatewayapi/m, "missing"],
      [
        { "/api/v1/namespaces/argo-rollouts/configmaps/argo-rollouts-config": { data: {} } },
        /names no such plugin/,
        "missing",
      ],
    ],
  },
  "prometheus-url": {
    file: {
      release: { strategy: "blue-green" },
      kubernetes: { namespace: "shop", prometheusUrl: "http://prometheus.monitoring:9090" },
    },
    cases: [
      [
        { "/api/v1/namespaces/monitoring/services/prometheus": { spec: { ports: [{ port: 9090 }] } } },
        /9090/,
        "present",
      ],
      [
        { "/api/v1/namespaces/monitoring/services/prometheus": { spec: { ports: [{ port: 80 }] } } },
        /no port 9090/,
        "missing",
      ],
      [
        { "/api/v1/namespaces/monitoring/services": items({ metadata: { name: "kps-prometheus" } }) },
        /prometheusUrl http:\/\/kps-prometheus\.monitoring:9090$/m,
        "missing",
      ],
    ],
  },
  "metrics-server": {
    cases: [
      [
        { "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": condition("Available") },
        /available/,
        "present",
      ],
      [
        { "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": condition("Available", "False") },
        /Available is False/,
        "missing",
      ],
      [{}, /^helm upgrade --install metrics-server .*--version 3\.13\.1/m, "missing"],
    ],
  },
  "external-secrets": {
    file: { secrets: { DSN: { reference: "vault:shop/sentry#dsn" } } },
    cases: [
      [
        {
          "/apis/external-secrets.io/v1": resources("ExternalSecret"),
          [deployments]: items(controller("es", "ghcr.io/external-secrets/external-secrets:v2.9.0")),
        },
        /2\.9\.0/,
        "present",
      ],
      [{}, /^helm upgrade --install external-secrets .*--version 2\.9\.0/m, "missing"],
    ],
  },
  "secret-stores": {
    file: { secrets: { DSN: { reference: "vault:shop/sentry#dsn" } } },
    cases: [
      [
        {
          "/apis/external-secrets.io/v1/clustersecretstores": items({
            metadata: { name: "vault" },
            ...condition("Ready"),
          }),
        },
        /vault/,
        "present",
      ],
      [
        {
          "/apis/external-secrets.io/v1/clustersecretstores": items({
            metadata: { name: "vault" },
            ...condition("Ready", "False"),
          }),
        },
        /vault: Ready is False: why/,
        "missing",
      ],
      [{}, /vault: is not there/, "missing"],
    ],
  },
  reloader: {
    file: { secrets: { DSN: { reference: "sentry/dsn" } } },
    cases: [
      [{ [deployments]: items(controller("reloader", "ghcr.io/stakater/reloader:v1.4.0")) }, /reloader/, "present"],
      [{}, /keep the old value/, "missing"],
    ],
  },
  "prometheus-operator": {
    cases: [
      [
        {
          "/apis/monitoring.coreos.com/v1": resources("PrometheusRule"),
          [deployments]: items(controller("monitoring", "quay.io/prometheus-operator/prometheus-operator:v0.93.1")),
        },
        /0\.93\.1/,
        "present",
      ],
      [{}, /^helm upgrade --install kube-prometheus-stack .*--version 88\.5\.3/m, "missing"],
    ],
  },
  "prometheus-namespace": {
    cases: [
      [prometheus({}), /monitoring/, "present"],
      [prometheus({}, "observability"), /monitoringNamespace observability$/m, "missing"],
      [{}, /no Prometheus of the operator runs/, "missing"],
    ],
  },
  "prometheus-selects": {
    file: { monitoring: { emails: [] }, kubernetes: { namespace: "shop" } },
    cases: [
      [prometheus(everything), /are read/, "present"],
      [prometheus({ ...everything, ruleSelector: undefined }), /no one reads its PrometheusRules/, "missing"],
      [
        prometheus({ ...everything, ruleSelector: { matchLabels: { release: "kps" } } }),
        /monitoringLabels\["release"\]' kps$/m,
        "missing",
      ],
      [prometheus({ ...everything, podMonitorNamespaceSelector: undefined }), /PodMonitors/, "missing"],
      [
        prometheus({
          ...everything,
          ruleNamespaceSelector: {
            matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["blog"] }],
          },
        }),
        /PrometheusRules/,
        "missing",
      ],
    ],
  },
};

describe("slipway doctor on Kubernetes, row by row", () => {
  for (const [id, { file, cases }] of Object.entries(rows)) {
    it(id, async () => {
      assert.ok(rowOf(id).applies(facts({}, file)), "the stack of the case needs it");
      for (const [world, expected, state] of cases) {
        const [finding] = await findingsOf([rowOf(id)], facts(world, file));
        const { answer } = finding!;
        const text = [answer.found, ...(answer.state === "present" ? [] : answer.fix)].join("\n");
        assert.match(text, expected);
        assert.equal(answer.state, state, text);
      }
    });
  }

  it("has a case for every row but those that a real API server answers", () => {
    const tried = [...Object.keys(rows), "permissions"];
    assert.deepEqual(
      kubernetesRows.map(({ id }) => id).filter((id) => !tried.includes(id)),
      [],
    );
  });

  it("asks only for what the stack needs", async () => {
    const asked = (file: object) => kubernetesRows.filter((row) => row.applies(facts({}, file))).map(({ id }) => id);
    const least = asked({
      ...{ database: { implementation: "none" }, cache: { implementation: "none" } },
      service: { minReplicas: 1, maxReplicas: 1 },
    });
    for (const id of [
      "cloudnative-pg",
      "cert-manager",
      "argo-rollouts",
      "keda",
      "metrics-server",
      "gateway",
      "barman-plugin",
    ]) {
      assert.ok(!least.includes(id), id);
    }
    assert.ok(asked({}).includes("cloudnative-pg"));
  });

  it("says the command for the cluster that was asked, and what to wait for", async () => {
    const { cluster, ...rest } = facts({});
    const flags = { ...rest, cluster: Object.assign(cluster, { flags: ["--context", "kind-dev"] }) };
    const answer = await rowOf("cert-manager").ask(flags);
    assert.ok(answer.state === "missing" && answer.install !== undefined);
    assert.match(answer.install.args.join(" "), /--kube-context kind-dev .*--wait --timeout 5m$/);
  });
});
