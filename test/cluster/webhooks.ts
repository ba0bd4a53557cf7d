import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type ControlPlane, eventually } from "./control-plane";
import { bed, findProgram, freePort, missingPrograms, run } from "./programs";

interface Configuration {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly service?: { readonly path: string } };
  }[];
}

const webhookPrograms = ["cnpg-manager", "cert-manager-webhook", "prometheus-webhook"];

/**
 * The operators that judge objects by more than their schema, asked by the API server as in any cluster. CloudNativePG's
 * manager acts on them too: it makes the servers' pods and the poolers' Deployments. The Gateway API has no webhook any
 * more: its rules are CEL in its definitions (https://gateway-api.sigs.k8s.io/guides/migrating-from-v1beta1-to-v1/).
 *
 * @returns names of the operators that answer.
 */
export async function startWebhooks(plane: ControlPlane): Promise<string[]> {
  const started: string[] = [];
  const folder = join(plane.folder, "webhooks");
  mkdirSync(folder);
  const [key, certificate] = [join(folder, "apiserver.key"), join(folder, "apiserver.crt")];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"],
    ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
  ]);
  const caBundle = readFileSync(certificate).toString("base64");
  const [database, metrics, issuer, health, rules] = await Promise.all(Array.from({ length: 5 }, freePort));

  if (missingPrograms("cnpg-manager").length === 0) {
    await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "cnpg-system" } }]);
    // It looks for its own builds, one an architecture, in the folder it is started in.
    const builds = join(plane.folder, "operator");
    mkdirSync(builds);
    copyFileSync(
      findProgram("cnpg-manager")!,
      join(builds, `manager_${process.arch === "x64" ? "amd64" : process.arch}`),
    );
    plane.run(
      "cnpg-manager",
      ["controller", `--webhook-port=${database}`, `--metrics-bind-address=127.0.0.1:${metrics}`],
      {
        ...{ KUBECONFIG: plane.kubeconfig, WEBHOOK_CERT_DIR: folder, OPERATOR_NAMESPACE: "cnpg-system" },
        OPERATOR_IMAGE_NAME: "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0",
      },
    );
    const documents = parseAllDocuments(readFileSync(join(bed, "webhooks", "cloudnative-pg.yaml"), "utf8"));
    const configurations = documents.map((document) => document.toJS() as Configuration | null);
    await plane.apply(
      configurations
        .filter((each) => each !== null)
        .map((each) => ({
          ...each,
          metadata: { name: `cnpg-${each.metadata.name}` },
          webhooks: each.webhooks.map((webhook) => ({
            ...webhook,
            clientConfig: { url: `https://127.0.0.1:${database}${webhook.clientConfig.service!.path}`, caBundle },
          })),
        })),
    );
    started.push("CloudNativePG");
  }
  if (missingPrograms("cert-manager-webhook").length === 0) {
    plane.run("cert-manager-webhook", [
      ...[`--kubeconfig=${plane.kubeconfig}`, `--secure-port=${issuer}`, `--healthz-port=${health}`],
      ...[`--tls-cert-file=${certificate}`, `--tls-private-key-file=${key}`],
    ]);
    const url = `https://127.0.0.1:${issuer}/validate`;
    await plane.apply([
      validating("cert-manager", url, caBundle, "cert-manager.io", ["v1"], ["certificates", "issuers"]),
    ]);
    started.push("cert-manager");
  }
  if (missingPrograms("prometheus-webhook").length === 0) {
    plane.run("prometheus-webhook", [
      ...[`--web.listen-address=127.0.0.1:${rules}`, "--web.enable-tls=true"],
      ...[`--web.cert-file=${certificate}`, `--web.key-file=${key}`, "--web.client-ca-file="],
    ]);
    await plane.apply(
      (
        [
          ["prometheusrules", "v1"],
          ["alertmanagerconfigs", "v1alpha1"],
        ] as const
      ).map(([kind, version]) =>
        validating(
          `prometheus-operator-${kind}`,
          `https://127.0.0.1:${rules}/admission-${kind}/validate`,
          caBundle,
          "monitoring.coreos.com",
          [version],
          [kind],
        ),
      ),
    );
    started.push("the Prometheus operator");
  }
  await eventually("webhooks answer", async () => answer(plane));
  return started;
}

/** A refusal of each, of what its own schema takes: none answers before it is up, and none is there for show. */
const refusedByOperators: readonly (readonly [object, RegExp])[] = [
  [
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      spec: {
        instances: 1,
        storage: { size: "1Gi" },
        postgresql: { parameters: { archive_command: "true" } },
      },
    },
    /archive_command.*fixed configuration parameter/s,
  ],
  [
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      spec: {
        secretName: "a",
        issuerRef: { name: "a" },
        privateKey: { algorithm: "ECDSA", size: 255 },
        dnsNames: ["a.b"],
      },
    },
    /cert-manager.*privateKey\.size/s,
  ],
  [
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      spec: { groups: [{ name: "a", rules: [{ alert: "A", expr: "sum(" }] }] },
    },
    /prometheusrules.*is invalid.*could not parse expression/s,
  ],
];

/** What each operator answers to what it has to refuse. @throws Error when one lets it pass. */
async function answer(plane: ControlPlane): Promise<true> {
  for (const [index, [object, expected]] of refusedByOperators.entries()) {
    if (findProgram(webhookPrograms[index]!) === undefined) continue;
    const named = { ...object, metadata: { name: "refused", namespace: "default" } };
    const said = await plane
      .kubectl(["apply", "--server-side", "--dry-run=server", "-f", "-"], JSON.stringify(named))
      .catch((error: Error) => error.message);
    if (!expected.test(said)) throw new Error(`${webhookPrograms[index]} says: ${said}`);
  }
  return true;
}

function validating(
  name: string,
  url: string,
  caBundle: string,
  group: string,
  apiVersions: readonly string[],
  resources: readonly string[],
): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        clientConfig: { url, caBundle },
        rules: [{ apiGroups: [group], apiVersions, operations: ["CREATE", "UPDATE"], resources }],
      },
    ],
  };
}
