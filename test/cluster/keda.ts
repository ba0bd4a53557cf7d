import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ControlPlane, eventually } from "./control-plane";
import { freePort, run } from "./programs";

export const kedaPrograms = ["keda-operator", "keda-adapter", "keda-webhooks"];

/** KEDA's three programs, as its chart installs them: who acts, who answers for metrics, and who judges. */
export async function startKeda(plane: ControlPlane): Promise<void> {
  const certificates = join(plane.folder, "keda");
  await makeCertificates(certificates);
  const ports = await Promise.all(Array.from({ length: 8 }, freePort));
  const [grpc, health, adapter, adapterMetrics, webhook, webhookHealth, webhookMetrics, metrics] = ports as Ports;
  const own = { POD_NAMESPACE: "keda", KEDA_CLUSTER_OBJECT_NAMESPACE: "keda" };
  const environment = { KUBECONFIG: plane.kubeconfig, WATCH_NAMESPACE: "", ...own };
  const anonymous = { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:anonymous" };
  await plane.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "keda" } },
    // The API server of the bed has no certificate of its own to show to those behind it.
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "external-metrics" },
      rules: [
        { apiGroups: ["external.metrics.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
        { nonResourceURLs: ["/apis/external.metrics.k8s.io", "/apis/external.metrics.k8s.io/*"], verbs: ["get"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "external-metrics" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "external-metrics" },
      subjects: [anonymous],
    },
  ]);
  plane.run(
    "keda-operator",
    [
      ...[`--cert-dir=${certificates}`, `--metrics-service-bind-address=127.0.0.1:${grpc}`],
      ...[`--health-probe-bind-address=127.0.0.1:${health}`, `--metrics-bind-address=127.0.0.1:${metrics}`],
      ...["--enable-webhook-patching=false", "--enable-apiservice-patching=false"],
    ],
    environment,
  );
  const tls = ["tls.crt", "tls.key"].map((file) => join(certificates, file));
  plane.run(
    "keda-adapter",
    [
      ...[`--secure-port=${adapter}`, "--bind-address=127.0.0.1", `--port=${adapterMetrics}`],
      ...[`--cert-dir=${certificates}`, `--tls-cert-file=${tls[0]}`, `--tls-private-key-file=${tls[1]}`],
      ...[`--metrics-service-address=localhost:${grpc}`, "--authentication-skip-lookup=true"],
      ...["authentication", "authorization", "lister"].map((which) => `--${which}-kubeconfig=${plane.kubeconfig}`),
    ],
    environment,
  );
  plane.run(
    "keda-webhooks",
    [
      ...[`--cert-dir=${certificates}`, `--port=${webhook}`],
      ...[
        `--health-probe-bind-address=127.0.0.1:${webhookHealth}`,
        `--metrics-bind-address=127.0.0.1:${webhookMetrics}`,
      ],
    ],
    environment,
  );
  await plane.apply(announcements(adapter, webhook, readFileSync(join(certificates, "ca.crt"), "base64")));
  try {
    const metricsApi = "/apis/external.metrics.k8s.io/v1beta1";
    await eventually("KEDA answers for metrics", () => plane.kubectl(["get", "--raw", metricsApi]));
    await eventually("KEDA's webhook judges", async () => refuses(plane));
  } catch (error) {
    const said = kedaPrograms.map((program) => `${program}\n${plane.log(program)}`);
    throw new Error(said.join("\n"), { cause: error });
  }
}

type Ports = [number, number, number, number, number, number, number, number];

/** Of an authority of its own: the adapter and the operator show them to each other. */
async function makeCertificates(folder: string): Promise<void> {
  mkdirSync(folder);
  const at = (file: string) => join(folder, file);
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=keda"],
    ...["-keyout", at("ca.key"), "-out", at("ca.crt")],
  ]);
  await run("openssl", [
    ...[
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=localhost",
      "-keyout",
      at("tls.key"),
      "-out",
      at("tls.csr"),
    ],
  ]);
  writeFileSync(at("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n");
  await run("openssl", [
    ...["x509", "-req", "-in", at("tls.csr"), "-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial"],
    ...["-days", "2", "-extfile", at("names"), "-out", at("tls.crt")],
  ]);
}

function announcements(adapter: number, webhook: number, caBundle: string): object[] {
  const metadata = { name: "keda-metrics-apiserver", namespace: "keda" };
  return [
    { apiVersion: "v1", kind: "Service", metadata, spec: { type: "ExternalName", externalName: "localhost" } },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.external.metrics.k8s.io" },
      spec: {
        ...{ group: "external.metrics.k8s.io", version: "v1beta1", groupPriorityMinimum: 100, versionPriority: 100 },
        insecureSkipTLSVerify: true,
        service: { ...metadata, port: adapter },
      },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "keda-admission" },
      webhooks: [
        {
          name: "vscaledobject.kb.io",
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy: "Fail",
          clientConfig: { url: `https://127.0.0.1:${webhook}/validate-keda-sh-v1alpha1-scaledobject`, caBundle },
          rules: [
            {
              apiGroups: ["keda.sh"],
              apiVersions: ["v1alpha1"],
              operations: ["CREATE", "UPDATE"],
              resources: ["scaledobjects"],
            },
          ],
        },
      ],
    },
  ];
}

/** What it has to: two triggers of one name, which the schema takes. */
async function refuses(plane: ControlPlane): Promise<boolean> {
  const trigger = {
    type: "cron",
    name: "a",
    metadata: { timezone: "UTC", start: "0 1 * * *", end: "0 2 * * *", desiredReplicas: "2" },
  };
  const object = {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "refused", namespace: "default" },
    spec: { scaleTargetRef: { name: "none" }, triggers: [trigger, trigger] },
  };
  const said = await plane
    .kubectl(["apply", "--server-side", "--dry-run=server", "-f", "-"], JSON.stringify(object))
    .catch((error: Error) => error.message);
  if (!/admission webhook "vscaledobject\.kb\.io" denied/.test(said)) throw new Error(said);
  return true;
}
