import { strict as assert } from "node:assert";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Diagnosis } from "../../tools/operate/doctor/contract";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { controlPlane, missingPrograms } from "./programs";
import { needs } from "../project";

const repository = join(__dirname, "../..");

/** A program of the cluster: an image that is known by its name, on simulated nodes. */
const program = (namespace: string, image: string, kind: "Deployment" | "DaemonSet" = "Deployment") => {
  const name = image.replace(/.*\//, "").replace(/:.*/, "");
  const labels = { app: name };
  return {
    ...{ apiVersion: "apps/v1", kind },
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
  };
};

/** What the shipped stack needs, as an administrator would have it. */
const platform = [
  ...["cnpg-system", "cert-manager", "traefik", "monitoring"].map((name) => ({
    ...{ apiVersion: "v1", kind: "Namespace", metadata: { name } },
  })),
  program("cnpg-system", "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0"),
  program("cnpg-system", "ghcr.io/cloudnative-pg/plugin-barman-cloud:v0.13.0"),
  program("cert-manager", "quay.io/jetstack/cert-manager-controller:v1.21.2"),
  program("monitoring", "quay.io/prometheus-operator/prometheus-operator:v0.93.1"),
  program("traefik", "docker.io/library/traefik:v3.5.0"),
  program("kube-system", "quay.io/calico/node:v3.30.1", "DaemonSet"),
  program("kube-system", "registry.k8s.io/coredns/coredns:v1.12.1"),
  {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "kube-dns", namespace: "kube-system" } },
    spec: { selector: { app: "coredns" }, ports: [{ port: 53, protocol: "UDP" }] },
  },
  {
    ...{ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "traefik" } },
    spec: { controller: "traefik.io/ingress-controller" },
  },
  {
    ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" },
    metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    ...{ provisioner: "example.com/csi", allowVolumeExpansion: true, volumeBindingMode: "WaitForFirstConsumer" },
  },
  {
    ...{ apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "letsencrypt" } },
    spec: { selfSigned: {} },
  },
  {
    ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus" },
    metadata: { name: "main", namespace: "monitoring" },
    spec: {
      ...{ podMonitorSelector: {}, podMonitorNamespaceSelector: {} },
      ...{ ruleSelector: {}, ruleNamespaceSelector: {} },
    },
  },
  {
    // Without a Service the API server calls it its own, and available.
    ...{ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "v1beta1.metrics.k8s.io" } },
    spec: { group: "metrics.k8s.io", version: "v1beta1", groupPriorityMinimum: 100, versionPriority: 100 },
  },
];

describe("slipway doctor, against a real API server", function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async function () {
    needs(this, missingPrograms(...controlPlane));
    plane = await ControlPlane.start();
    await plane.startControllers(2);
  });

  after(async () => plane?.stop());

  const slipway = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(repository, "tools/slipway.cjs"), "doctor", "staging", ...args], {
      cwd: repository,
      encoding: "utf8",
      env: { ...process.env, KUBECONFIG: plane.kubeconfig, NO_COLOR: "1" },
    });
  const answers = (stdout: string): Record<string, string> =>
    Object.fromEntries((JSON.parse(stdout) as Diagnosis).findings.map(({ id, answer }) => [id, answer.state]));

  it("misses what a bare cluster has not, with the command for each", () => {
    const { status, stdout, stderr } = slipway();
    assert.equal(status, 2, stderr);
    for (const line of [
      /^staging · kubernetes · context test, Kubernetes v1\.\d+\.\d+$/m,
      /^ {2}ok {7}nodes +2 nodes$/m,
      /^ {2}missing {2}cloudnative-pg .*\n +nothing serves postgresql\.cnpg\.io\/v1\n +asked: .*\n +helm upgrade --install cnpg /m,
      /^ {2}missing {2}barman-plugin/m,
      /^ {2}missing {2}cert-manager/m,
      /^ {2}missing {2}issuer/m,
      /^ {2}missing {2}ingress-class/m,
      /^ {2}missing {2}storage-class /m,
      /^ {2}missing {2}metrics-server/m,
      /^ {2}missing {2}prometheus-operator/m,
      /^ {2}missing {2}dns/m,
      /^ {2}unknown {2}network-policies/m,
    ]) {
      assert.match(stdout, line);
    }
    // On loopback the API server announces itself nowhere.
    assert.match(stdout, /^ {2}unknown {2}api-server .*\n +the Service default\/kubernetes has no address$/m);
  });

  it("installs nothing where helm is not there, and says the commands in order", function () {
    if (spawnSync("helm", ["version"]).status === 0) this.skip();
    const { status, stdout, stderr } = slipway("--install");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /helm not found on PATH: nothing was installed[^]*cert-manager[^]*plugin-barman-cloud/);
  });

  it("finds everything once it is there, and says so to a pipeline", async () => {
    await installDefinitions(plane, []);
    await plane.apply(platform);
    await plane.kubectl([
      ...["patch", "clusterissuer", "letsencrypt", "--subresource", "status", "--type", "merge", "--patch"],
      JSON.stringify({ status: { conditions: [{ type: "Ready", status: "True", reason: "Ready" }] } }),
    ]);
    const found = await eventually("simulated pods are ready", () => {
      const states = answers(slipway("--json").stdout);
      const open = Object.keys(states).filter((id) => states[id] !== "present" && id !== "api-server");
      return Promise.resolve(open.length === 0 ? states : undefined);
    });
    assert.ok(Object.keys(found).length >= 20);
  });

  it("asks as the user who runs it: says who may not ask, and who may not deploy", async () => {
    await plane.apply([
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop-staging" } },
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "reader", namespace: "shop-staging" } },
      {
        ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" },
        metadata: { name: "reader", namespace: "shop-staging" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
        subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "shop-staging" }],
      },
    ]);
    const token = (await plane.kubectl(["-n", "shop-staging", "create", "token", "reader"])).trim();
    await plane.kubectl(["config", "set-credentials", "reader", `--token=${token}`]);
    await plane.kubectl(["config", "set-context", "reader", "--cluster=test", "--user=reader"]);
    const { status, stdout } = slipway("--json", "--context", "reader");
    assert.equal(status, 2);
    const diagnosis = JSON.parse(stdout) as Diagnosis;
    const of = (id: string) => diagnosis.findings.find((finding) => finding.id === id)!.answer;
    assert.equal(of("permissions").state, "missing");
    assert.match(of("permissions").found, /create deployments\.apps/);
    assert.equal(of("cloudnative-pg").state, "unknown");
    assert.match(of("cloudnative-pg").found, /Forbidden/);
  });

  for (const [enforced, phase, state] of [
    ["enforces", "Failed", "present"],
    ["ignores", "Succeeded", "missing"],
  ] as const) {
    it(`tries policies by pods: a network that ${enforced} them`, async () => {
      const probe = spawnProbe(plane);
      // No kubelet runs here: the phase of each pod is what such a network would have made of it.
      const namespace = await eventually("the probe's namespace", async () =>
        (await plane.list<{ metadata: { name: string; deletionTimestamp?: string } }>("", "namespaces")).find(
          ({ metadata }) => metadata.name.startsWith("slipway-doctor-") && metadata.deletionTimestamp === undefined,
        ),
      );
      for (const [name, end] of [
        ["before", "Succeeded"],
        ["after", phase],
      ] as const) {
        await eventually(`pod ${name} runs`, async () => {
          const pod = await plane.get<{ status: { phase: string } }>(namespace.metadata.name, "pod", name);
          return pod?.status.phase === "Running";
        });
        await plane.kubectl([
          ...["--namespace", namespace.metadata.name, "patch", "pod", name, "--subresource", "status"],
          ...["--type", "merge", "--patch", JSON.stringify({ status: { phase: end } })],
        ]);
      }
      assert.equal(answers(await probe)["network-policies"], state);
      await eventually("the probe's namespace is gone", async () => {
        const left = await plane.get("", "namespace", namespace.metadata.name);
        return left === undefined;
      });
    });
  }

  it("says when there is no cluster, which is no diagnosis", () => {
    const { status, stderr } = slipway("--context", "nowhere");
    assert.equal(status, 1);
    assert.match(stderr, /the cluster cannot be reached: .*nowhere/);
  });
});

/** What it printed, in the background. */
function spawnProbe(plane: ControlPlane): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(repository, "tools/slipway.cjs"), "doctor", "staging", "--json", "--probe"],
      { cwd: repository, env: { ...process.env, KUBECONFIG: plane.kubeconfig } },
      // Its exit code is another test's.
      (_, stdout) => resolve(stdout),
    );
  });
}
