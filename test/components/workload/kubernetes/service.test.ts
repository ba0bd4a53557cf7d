import { strict as assert } from "node:assert";
import type { types } from "@pulumi/kubernetes";
import { KubernetesService, type KubernetesServiceArgs } from "../../../../components/workload/kubernetes/service";
import type { PlanResource } from "../../../../tools/plan/plan";
import { registryImage } from "../../../../components/image/registry-image";
import { releaseProblem, waitingFor } from "../../../../components/workload/kubernetes/replicas";
import { all, only, record } from "../../../record";
import { serviceArgs } from "../../kubernetes-mocks";

const deploymentType = "kubernetes:apps/v1:Deployment";
const rolloutType = "kubernetes:argoproj.io/v1alpha1:Rollout";
const httpRouteType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const create = (more: Partial<KubernetesServiceArgs> = {}) =>
  record(() => void new KubernetesService("web", { ...serviceArgs, ...more }));

/** What the tests read of the objects' specs. */
interface Spec {
  readonly template: { readonly metadata: { readonly annotations: object }; readonly spec: PodSpec };
  readonly strategy: {
    readonly canary: { readonly steps: readonly { readonly setWeight?: number }[] };
    readonly blueGreen: {
      readonly activeService: string;
      readonly previewService: string;
      readonly scaleDownDelaySeconds: number;
      readonly postPromotionAnalysis: { readonly templates: object };
    };
  };
  readonly replicas?: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleTargetRef: { readonly kind: string };
  readonly egress: readonly [{ readonly ports: object; readonly to: readonly object[] }];
  readonly parentRefs: object;
  readonly rules: readonly [{ readonly filters: object; readonly backendRefs: readonly Backend[] }];
  readonly type: string;
  readonly ingressClassName?: string;
  readonly tls: object;
  readonly args: object;
  readonly restartAt: string;
  readonly metrics: readonly {
    readonly name: string;
    readonly successCondition: string;
    readonly count: number;
    readonly failureLimit: number;
    readonly consecutiveErrorLimit: number;
  }[];
}

type PodSpec = types.output.core.v1.PodSpec;
type Backend = { readonly name: string; readonly weight: number };

const spec = (resource: PlanResource) => resource.inputs["spec"] as unknown as Spec;
const pod = (resource: PlanResource) => spec(resource).template.spec;

describe("KubernetesService", () => {
  it("replaces replicas without ever having fewer", async () => {
    const deployment = only(await create(), deploymentType);
    assert.deepEqual(spec(deployment).strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
    });
    assert.match(deployment.parent ?? "", /slipway:container-service:KubernetesService::web$/);
  });

  it("starts with the least replicas, and leaves their number to the autoscaler from then on", async () => {
    const scaled = await create();
    const deployment = only(scaled, deploymentType);
    assert.equal(spec(deployment).replicas, 2);
    assert.deepEqual(deployment.options.ignoreChanges, ["spec.replicas"]);
    assert.deepEqual(spec(only(scaled, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler")), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
        { type: "Resource", resource: { name: "memory", target: { type: "Utilization", averageUtilization: 75 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    });
    const fixed = await create({ scaling: { ...serviceArgs.scaling, maxReplicas: 2 } });
    const scaler = spec(only(fixed, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"));
    assert.deepEqual([scaler.minReplicas, scaler.maxReplicas], [2, 2], "one owner, whatever the settings become");
  });

  it("waits out the routing before SIGTERM, and gives requests in flight their time", async () => {
    const { containers, terminationGracePeriodSeconds } = pod(only(await create(), deploymentType));
    assert.deepEqual(containers[0]!.lifecycle, { preStop: { sleep: { seconds: 15 } } });
    assert.equal(terminationGracePeriodSeconds, 45);
    const env = Object.fromEntries(containers[0]!.env.map(({ name, value }) => [name, value]));
    assert.equal(env["SHUTDOWN_DELAY_SECONDS"], "0");
    assert.equal(env["SHUTDOWN_GRACE_SECONDS"], "25");
    assert.equal(env["HOSTNAME"], "::");
    const still = pod(only(await create({ shutdown: { drainSeconds: 0, graceSeconds: 25 } }), deploymentType));
    assert.equal("lifecycle" in still.containers[0]!, false, "sleep of 0 s is refused by older API servers");
  });

  it("probes start, life and readiness by their own paths", async () => {
    const [container] = pod(only(await create(), deploymentType)).containers;
    const get = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 5 });
    assert.deepEqual(container!.startupProbe, { ...get("/api/health"), periodSeconds: 2, failureThreshold: 30 });
    assert.deepEqual(container!.readinessProbe, {
      ...get("/api/ready?for=routing"),
      periodSeconds: 10,
      failureThreshold: 2,
    });
    assert.deepEqual(container!.livenessProbe, { ...get("/api/health"), periodSeconds: 10, failureThreshold: 6 });
  });

  it("runs as nobody, writes nowhere and knows no token of the cluster", async () => {
    const plan = await create();
    for (const type of [deploymentType, "kubernetes:batch/v1:Job"]) {
      const template = pod(only(plan, type));
      assert.equal(template.automountServiceAccountToken, false);
      assert.equal("hostNetwork" in template, false);
      assert.deepEqual(template.securityContext, {
        runAsNonRoot: true,
        runAsUser: 1001,
        runAsGroup: 1001,
        fsGroup: 1001,
        seccompProfile: { type: "RuntimeDefault" },
      });
      assert.deepEqual(template.containers[0]!.securityContext, {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
      assert.deepEqual(
        template.volumes.map((volume) => volume.name),
        ["tmp"],
      );
    }
    assert.equal(only(plan, "kubernetes:core/v1:ServiceAccount").inputs["automountServiceAccountToken"], false);
  });

  it("mounts secrets as files and says where, never what", async () => {
    const plan = await create({
      environment: {
        LOG_LEVEL: "debug",
        AUTH_SECRET: { store: "kubernetes", secret: "secrets", key: "AUTH_SECRET", version: "v7" },
        DATABASE_PASSWORD: { store: "kubernetes", secret: "database-app", key: "password" },
      },
    });
    const deployment = only(plan, deploymentType);
    const { containers, volumes } = pod(deployment);
    const env = containers[0]!.env.map(({ name, value }) => `${name}=${value}`);
    assert.ok(env.includes("LOG_LEVEL=debug"));
    assert.ok(env.includes("AUTH_SECRET_FILE=/run/secrets/auth-secret"));
    assert.ok(env.includes("DATABASE_PASSWORD_FILE=/run/secrets/database-password"));
    assert.ok(containers[0]!.env.every((each) => !("valueFrom" in each)));
    assert.deepEqual(volumes[0], {
      name: "secrets",
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: "secrets", items: [{ key: "AUTH_SECRET", path: "auth-secret" }] } },
          { secret: { name: "database-app", items: [{ key: "password", path: "database-password" }] } },
        ],
      },
    });
    assert.deepEqual(spec(deployment).template.metadata.annotations, {
      "slipway/release": "1.4.2",
      "slipway/secrets": "v7",
    });
  });

  it("gives a secret that the application fetches itself as an address", async () => {
    const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db";
    const plan = await create({
      environment: { DATABASE_SECRET_ARN: { store: "aws-secrets-manager", arn, delivery: "fetched" } },
    });
    const [container] = pod(only(plan, deploymentType)).containers;
    assert.ok(
      container!.env.some(
        (each) => JSON.stringify(each) === JSON.stringify({ name: "DATABASE_SECRET_ARN", value: arn }),
      ),
    );
  });

  it("refuses a secret that a pod cannot mount, naming it", async () => {
    const elsewhere = { store: "docker-volume", volume: "secrets", file: "auth-secret" } as const;
    await assert.rejects(create({ environment: { AUTH_SECRET: elsewhere } }), /AUTH_SECRET lives in docker-volume/);
  });

  it("migrates once a release, before any new replica", async () => {
    const plan = await create();
    const job = only(plan, "kubernetes:batch/v1:Job");
    assert.deepEqual((job.inputs["metadata"] as { name: string }).name, "web-migrate-1-4-2");
    assert.deepEqual(pod(job).containers[0]!.command, ["node", "migrate.js"]);
    assert.equal(pod(job).restartPolicy, "Never");
    assert.equal("ttlSecondsAfterFinished" in spec(job), false);
    assert.ok(only(plan, deploymentType).dependencies.includes(job.urn));
    assert.equal(all(await create({ migration: undefined }), "kubernetes:batch/v1:Job").length, 0);
  });

  it("is reached over HTTPS alone, through the gateway", async () => {
    const plan = await create();
    const parent = (sectionName: string) => ({
      group: "gateway.networking.k8s.io",
      kind: "Gateway",
      namespace: "gateway-system",
      name: "public",
      sectionName,
    });
    assert.deepEqual(spec(only(plan, httpRouteType, "web-route")), {
      parentRefs: [parent("https")],
      hostnames: ["shop.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ group: "", kind: "Service", name: "web", port: 80, weight: 100 }],
          // A page that streams is not cut by a proxy's default.
          timeouts: { request: "0s" },
        },
      ],
    });
    const redirect = spec(only(plan, httpRouteType, "web-route-redirect"));
    assert.deepEqual(redirect.parentRefs, [parent("http")]);
    assert.deepEqual(redirect.rules[0].filters, [
      { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
    ]);
    assert.equal(spec(only(plan, "kubernetes:core/v1:Service")).type, "ClusterIP");
  });

  it("is reached over HTTPS through an ingress, with a certificate where an issuer is named", async () => {
    const plan = await create({ route: { through: "ingress", ingressClass: "traefik", issuer: "letsencrypt" } });
    const ingress = spec(only(plan, "kubernetes:networking.k8s.io/v1:Ingress"));
    assert.equal(ingress.ingressClassName, "traefik");
    assert.deepEqual(ingress.tls, [{ hosts: ["shop.example.com"], secretName: "web-tls" }]);
    assert.deepEqual(spec(only(plan, "kubernetes:cert-manager.io/v1:Certificate")), {
      secretName: "web-tls",
      dnsNames: ["shop.example.com"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
    });
    assert.equal(
      all(plan, policyType).some(({ name }) => name === "web-challenges"),
      true,
    );

    const bare = await create({ route: { through: "ingress" } });
    assert.equal("ingressClassName" in spec(only(bare, "kubernetes:networking.k8s.io/v1:Ingress")), false);
    assert.equal(all(bare, "kubernetes:cert-manager.io/v1:Certificate").length, 0);
    assert.equal(
      all(bare, policyType).some(({ name }) => name === "web-challenges"),
      false,
    );
  });

  it("calls the world on the ports it was given, never the node's credentials", async () => {
    const { egress } = spec(only(await create({ egressPorts: [443, 5432] }), policyType, "web-egress"));
    assert.deepEqual(egress[0].ports, [
      { protocol: "TCP", port: 443 },
      { protocol: "TCP", port: 5432 },
    ]);
    assert.deepEqual(egress[0].to[0], { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } });
    // Its own, which the agent of EKS gives.
    assert.deepEqual(egress.slice(1), [
      {
        to: [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }],
        ports: [{ protocol: "TCP", port: 80 }],
      },
    ]);
  });

  describe("by Argo Rollouts", () => {
    const analysis = { prometheusUrl: "http://prometheus.monitoring:9090", errorPercent: 1, p95Milliseconds: 1000 };

    it("moves a canary's weight on the route, which Pulumi then leaves alone", async () => {
      const plan = await create({
        release: { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 },
        analysis,
      });
      assert.equal(all(plan, deploymentType).length, 0);
      assert.deepEqual(spec(only(plan, rolloutType)).strategy, {
        canary: {
          maxUnavailable: 0,
          maxSurge: "25%",
          steps: [
            { setWeight: 10 },
            {
              analysis: {
                templates: [{ templateName: "web" }],
                args: [
                  { name: "new", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "old", valueFrom: { podTemplateHashValue: "Stable" } },
                  { name: "weight", value: "10" },
                ],
              },
            },
          ],
          stableService: "web",
          canaryService: "web-preview",
          trafficRouting: { plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "web", namespace: "shop" } } },
          scaleDownDelaySeconds: 600,
        },
      });
      const route = only(plan, httpRouteType, "web-route");
      assert.deepEqual(
        spec(route).rules[0].backendRefs.map(({ name, weight }) => [name, weight]),
        [
          ["web", 100],
          ["web-preview", 0],
        ],
      );
      assert.deepEqual(route.options.ignoreChanges, ["spec.rules"]);
      assert.equal(
        spec(only(plan, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler")).scaleTargetRef.kind,
        "Rollout",
      );
    });

    it("goes in equal steps", async () => {
      const plan = await create({
        release: { strategy: "linear", weightPercent: 30, stepMinutes: 2, bakeMinutes: 0 },
      });
      assert.deepEqual(
        spec(only(plan, rolloutType)).strategy.canary.steps.flatMap((step) => step.setWeight ?? []),
        [30, 60, 90],
      );
      assert.equal("analysis" in spec(only(plan, rolloutType)).strategy.canary, false);
    });

    it("shares by number of pods where there is no gateway, behind one Service", async () => {
      const plan = await create({
        release: { strategy: "canary", weightPercent: 10, stepMinutes: 5, bakeMinutes: 10 },
        route: { through: "ingress" },
      });
      assert.equal("trafficRouting" in spec(only(plan, rolloutType)).strategy.canary, false);
      assert.equal("stableService" in spec(only(plan, rolloutType)).strategy.canary, false);
      assert.equal(all(plan, "kubernetes:core/v1:Service").length, 1);
    });

    it("keeps the old release beside the new one after a blue-green switch", async () => {
      const plan = await create({ release: { strategy: "blue-green", bakeMinutes: 10 }, analysis });
      const { blueGreen } = spec(only(plan, rolloutType)).strategy;
      assert.equal(blueGreen.activeService, "web");
      assert.equal(blueGreen.previewService, "web-preview");
      assert.equal(blueGreen.scaleDownDelaySeconds, 660, "longer than the analysis, which may still need them");
      assert.deepEqual(blueGreen.postPromotionAnalysis.templates, [{ templateName: "web" }]);
      assert.equal(all(plan, "kubernetes:core/v1:Service").length, 2);
    });

    it("fails a release on errors, on slowness, and on silence", async () => {
      const plan = await create({ release: { strategy: "blue-green", bakeMinutes: 10 }, analysis });
      const template = spec(only(plan, "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate"));
      assert.deepEqual(template.args, [
        { name: "job", value: "shop/web" },
        { name: "new" },
        { name: "old" },
        { name: "weight" },
      ]);
      assert.deepEqual(
        template.metrics.map(({ name, successCondition }) => [name, successCondition]),
        [
          ["requests", "len(result) > 0 && !isNaN(result[0]) && result[0] >= 20 * {{args.weight}} / 100"],
          ["errors", "len(result) > 0 && !isNaN(result[0]) && result[0] <= 1"],
          ["p95", "len(result) > 0 && !isNaN(result[0]) && result[0] <= 1.5"],
        ],
      );
      // Outside of a canary's background Argo refuses a metric that does not end.
      for (const { count, failureLimit, consecutiveErrorLimit } of template.metrics) {
        assert.deepEqual(
          { count, failureLimit, consecutiveErrorLimit },
          { count: 9, failureLimit: 1, consecutiveErrorLimit: 1 },
        );
      }
    });

    it("waits for the controller's answer to this very release, and for its end, well or not", async () => {
      const wait = async (image: string) => {
        const plan = await create({
          release: { strategy: "blue-green", bakeMinutes: 10 },
          image: registryImage(image),
        });
        const { inputs } = only(plan, rolloutType);
        const { annotations } = inputs["metadata"] as { annotations: Record<string, string> };
        return {
          spec: spec(only(plan, rolloutType)),
          conditions: JSON.parse(annotations["pulumi.com/waitFor"]!) as string[],
        };
      };
      const first = await wait("ghcr.io/acme/shop:1.4.2");
      assert.match(first.spec.restartAt, /^(199\d|200[0-7])-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "before any pod");
      assert.deepEqual(first.conditions, [
        `jsonpath={.status.restartedAt}=${first.spec.restartAt}`,
        "jsonpath={.status[?@ == 'Healthy' || @ == 'Degraded']}",
      ]);
      assert.notEqual((await wait("ghcr.io/acme/shop:1.4.3")).spec.restartAt, first.spec.restartAt);
      assert.equal((await wait("ghcr.io/acme/shop:1.4.2")).spec.restartAt, first.spec.restartAt);
    });

    it("fails the deployment with a release that went back, by Argo's own words", () => {
      const waits = waitingFor("web", "shop", true, 1500);
      assert.match(waits, /Argo Rollouts .* 25 minutes at most.*kubectl -n shop get rollout web.*plugin for gateways/);
      assert.ok(!waitingFor("web", "shop", false, 60).includes("plugin"));
      assert.equal(releaseProblem("web", { phase: "Healthy" }), undefined);
      assert.equal(releaseProblem("web", undefined), undefined);
      assert.match(
        releaseProblem("web", { phase: "Degraded", message: 'RolloutAborted: metric "errors" assessed Failed' })!,
        /^the release of web did not succeed: RolloutAborted: metric "errors" assessed Failed\. The previous release serves/,
      );
    });

    it("finds Services and route before the Rollout looks for them", async () => {
      const plan = await create({ release: { strategy: "blue-green", bakeMinutes: 10 } });
      const { dependencies } = only(plan, rolloutType);
      for (const name of ["web-service", "web-service-preview", "web-route"]) {
        assert.ok(
          dependencies.some((urn) => urn.endsWith(`::${name}`)),
          name,
        );
      }
    });

    it("leaves to Argo the selectors that it moves", async () => {
      const services = async (release: KubernetesServiceArgs["release"]) =>
        all(await create({ release }), "kubernetes:core/v1:Service").map(({ options }) => options.ignoreChanges);
      assert.deepEqual(await services({ strategy: "blue-green", bakeMinutes: 10 }), [
        ["spec.selector"],
        ["spec.selector"],
      ]);
      assert.deepEqual(await services({ strategy: "rolling" }), [undefined]);
    });

    it("shows the new release to requests with the header, before anybody else sees it", async () => {
      const plan = await create({ release: { strategy: "blue-green", bakeMinutes: 10 } });
      const [rule] = spec(only(plan, httpRouteType, "web-route-preview")).rules;
      assert.deepEqual(
        rule.backendRefs.map(({ name }) => name),
        ["web-preview"],
      );
      assert.deepEqual((rule as unknown as { matches: object }).matches, [
        {
          path: { type: "PathPrefix", value: "/" },
          headers: [{ type: "Exact", name: "x-slipway-preview", value: "1" }],
        },
      ]);
    });
  });
});
