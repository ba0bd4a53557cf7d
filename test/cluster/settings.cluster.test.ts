import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { resolveSettings } from "../../stacks/settings/load";
import { SettingsError } from "../../stacks/settings/problems";
import { runStack } from "../../stacks/targets";
import { parseAllDocuments } from "yaml";
import { archiveOf, type Cluster, recoveryCluster } from "../../tools/operate/data/recovery-cluster";
import { renderKubernetes } from "../../tools/readers/render/kubernetes";
import { record } from "../record";
import { bed } from "./programs";
import { openApiFile, operatorSchemas, serverSchemas } from "./schemas";

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
const labels = fc.dictionary(label, label, { minKeys: 1, maxKeys: 3 });

const among = fc.record({ key: label, operator: fc.constantFrom("In", "NotIn"), values: fc.tuple(label) });
const terms = fc.record({ matchExpressions: fc.array(among, { minLength: 1, maxLength: 2 }) });
const nearPods = fc.record({
  topologyKey: fc.constantFrom("kubernetes.io/hostname", "topology.kubernetes.io/zone"),
  labelSelector: fc.record({ matchLabels: labels }),
});
const amongPods = fc.record({
  requiredDuringSchedulingIgnoredDuringExecution: fc.array(nearPods, { maxLength: 2 }),
  preferredDuringSchedulingIgnoredDuringExecution: fc.array(
    fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: nearPods }),
    { maxLength: 2 },
  ),
});
const affinity = fc.record({
  nodeAffinity: maybe(
    fc.record({
      requiredDuringSchedulingIgnoredDuringExecution: fc.record({
        nodeSelectorTerms: fc.array(terms, { minLength: 1, maxLength: 2 }),
      }),
    }),
  ),
  podAffinity: maybe(amongPods),
  podAntiAffinity: maybe(amongPods),
});

/** Any stack file of the target; those that are refused are another test's. */
const stackFiles = fc.record({
  target: fc.constant("kubernetes"),
  preset: fc.constantFrom("production", "staging", "development"),
  domain: fc.constantFrom("shop.example.com", "www.example.org"),
  image: fc.constant("ghcr.io/acme/shop:1.4.2"),
  storage: fc.constantFrom({ implementation: "volume" }, { implementation: "none" }),
  tls: fc.constantFrom({}, { issuer: "letsencrypt" }),
  release: fc.record({
    strategy: fc.constantFrom("rolling", "blue-green", "canary"),
    bakeMinutes: fc.integer({ min: 3, max: 20 }),
    stepMinutes: fc.integer({ min: 3, max: 20 }),
  }),
  database: fc.record({
    standby: fc.boolean(),
    readReplicas: fc.integer({ min: 0, max: 3 }),
    storageGb: fc.integer({ min: 10, max: 500 }),
    cpuMillis: fc.constantFrom(250, 1000, 4000),
  }),
  service: fc.record({
    targetMemoryPercent: fc.constantFrom(false, 50),
    minReplicas: fc.integer({ min: 2, max: 4 }),
    maxReplicas: fc.integer({ min: 4, max: 20 }),
    drainSeconds: fc.integer({ min: 5, max: 20 }),
  }),
  secrets: fc.constantFrom({}, { DSN: { reference: "vault:shop/sentry#dsn" } }, { DSN: { reference: "sentry/dsn" } }),
  monitoring: fc.constantFrom({}, { emails: ["ops@example.com"] }),
  kubernetes: fc.record({
    namespace: label,
    backupBucket: maybe(
      fc.constantFrom("s3://acme/shop", "gs://acme/shop", "https://acme.blob.core.windows.net/b/shop"),
    ),
    gateway: maybe(fc.constant("infra/public")),
    gatewayClass: maybe(fc.constant("envoy")),
    ingressClass: maybe(fc.constantFrom("nginx", "traefik")),
    ingressNamespace: maybe(label),
    prometheusUrl: maybe(fc.constant("http://prometheus.monitoring:9090")),
    networkPlugin: maybe(fc.constantFrom("standard", "cilium")),
    workloadIdentity: maybe(fc.constantFrom("eks", "gke", "aks", "none")),
    nodeSelector: maybe(labels),
    podLabels: maybe(labels),
    podAnnotations: maybe(labels),
    monitoringLabels: maybe(labels),
    databaseAnnotations: maybe(labels),
    imagePullSecret: maybe(label),
    priorityClass: maybe(label),
    storageClass: maybe(label),
    walStorageGb: maybe(fc.integer({ min: 1, max: 100 })),
    cpuLimit: maybe(fc.boolean()),
    requestCpuMillis: maybe(fc.integer({ min: 10, max: 250 })),
    serviceZones: maybe(fc.constantFrom("required", "preferred")),
    autoscaler: maybe(fc.constantFrom("hpa", "keda")),
    affinity: maybe(affinity),
    databaseZones: maybe(fc.constantFrom("required", "preferred")),
    backupMemoryMb: maybe(fc.integer({ min: 64, max: 4096 })),
    cacheCpuMillis: maybe(fc.integer({ min: 50, max: 4000 })),
    poolerCpuMillis: maybe(fc.integer({ min: 50, max: 4000 })),
    tolerations: maybe(fc.constant([{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }])),
  }),
});

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** What `slipway drill` and `slipway restore` make beside a Cluster that archives. */
function restoredFrom(object: Rendered): Rendered[] {
  const live = object as unknown as Cluster;
  if (object.kind !== "Cluster" || archiveOf(live) === undefined) return [];
  const targets = [{ targetLSN: "0/5000028", exclusive: true }, { targetTime: "2026-11-27 11:00:00.000+00" }] as const;
  return targets.map((target) => recoveryCluster(live, `${object.metadata.name}-drill`, "app", target) as Rendered);
}

describe("Kubernetes, any valid settings", function () {
  this.timeout(300_000);

  before(function () {
    if (existsSync(join(bed, "crds")) && existsSync(openApiFile)) return;
    console.log(`      not there: crds or openapi.json in ${bed}; test/bed/cluster/build.sh crds puts them there`);
    this.skip();
  });

  it("make objects that the API server's and the operators' own schemas accept, field by field", async () => {
    const schemas = new Map([...serverSchemas(), ...operatorSchemas()]);
    const judged = new Map<string, number>();
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(stackFiles, async (file) => {
        let settings;
        try {
          settings = resolveSettings("test", JSON.parse(JSON.stringify(file)) as object as Record<string, unknown>, {});
        } catch (error) {
          assert.ok(error instanceof SettingsError);
          fc.pre(false);
          return;
        }
        valid++;
        const plan = await record(() => runStack(settings));
        const rendered = parseAllDocuments(renderKubernetes(plan)).map(
          (document) => document.toJS() as Rendered | null,
        );
        for (const object of rendered.flatMap((each) => (each === null ? [] : [each, ...restoredFrom(each)]))) {
          const kind = `${object.apiVersion} ${object.kind}`;
          const validate = schemas.get(kind);
          if (validate === undefined) continue;
          judged.set(kind, (judged.get(kind) ?? 0) + 1);
          const problems = validate(object) === true ? [] : validate.errors!;
          const said = problems.map(
            ({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`,
          );
          assert.deepEqual(said, [], `${kind} ${object.metadata.name}`);
        }
      }),
      { numRuns: Number(process.env["SLIPWAY_RUNS"] ?? 30), maxSkipsPerRun: 2000 },
    );
    console.log(`      ${valid} stack files; ${[...judged].map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
    assert.ok(judged.size >= 10, "objects of many kinds were judged");
  });
});
