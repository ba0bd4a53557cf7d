import { strict as assert } from "node:assert";
import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { KubernetesService, type KubernetesServiceArgs } from "../../components/workload/kubernetes/service";
import { registryImage } from "../../components/image/registry-image";
import type { Plan } from "../../tools/plan/plan";
import { serviceArgs } from "../components/kubernetes-mocks";
import { record } from "../record";
import { suites } from "./acts";
import { AsPulumi } from "./as-pulumi";
import { ControlPlane, eventually } from "./control-plane";
import { installDefinitions } from "./definitions";
import { leastReady, readyReplicas } from "./endpoints";
import { findProgram, controlPlane, missingPrograms } from "./programs";
import { needs } from "../project";
import { StubPrometheus } from "./prometheus";
import { gatewayPlugin, startRollouts } from "./rollouts";

const blueGreen = { strategy: "blue-green", bakeMinutes: 3 } as const;
const canary = { strategy: "canary", weightPercent: 25, stepMinutes: 3, bakeMinutes: 0 } as const;
const fixed = { ...serviceArgs.scaling, minReplicas: 4, maxReplicas: 4 };

/** Minutes become seconds. Argo's own validation sees the real ones in the suite that applies every manifest. */
function hurried(args: CustomResourceArgs): CustomResourceArgs {
  const { spec, ...rest } = args as CustomResourceArgs & { spec: { metrics: object[] } };
  const metrics = spec.metrics.map((metric) => ({ ...metric, initialDelay: "1s", interval: "2s" }));
  return { ...rest, spec: { ...spec, metrics } };
}

interface Rollout {
  readonly status: { readonly phase: string; readonly stableRS: string; readonly currentPodHash: string };
}

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly [{ readonly image: string }] };
}

describe(suites.releases, function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let prometheus: StubPrometheus;
  let namespaces = 0;

  before(async function () {
    needs(this, missingPrograms(...controlPlane, "rollouts-controller", "jsonpath"));
    plane = await ControlPlane.start();
    await installDefinitions(plane, []);
    await plane.startControllers(3);
    await startRollouts(plane);
    prometheus = await StubPrometheus.start();
  });

  afterEach(function () {
    // At once: the suite is long, and the controllers' own words end with it.
    if (this.currentTest?.state !== "failed") return;
    console.log(`${String(this.currentTest.err?.stack)}\n${plane.log("rollouts-controller", 1500)}`);
  });

  after(async () => {
    await prometheus?.stop();
    await plane?.stop();
  });

  /** A namespace of its own at Pod Security `restricted`, and what is deployed to it. */
  async function site(defaults: Partial<KubernetesServiceArgs>): Promise<Site> {
    const namespace = `shop-${++namespaces}`;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }]);
    return new Site(plane, namespace, { scaling: fixed, ...defaults }, prometheus);
  }

  const progressive = {
    "blue-green behind an ingress": { release: blueGreen, route: { through: "ingress" } },
    "canary behind an ingress": { release: canary, route: { through: "ingress" } },
    "canary behind a gateway": { release: canary, route: serviceArgs.route },
  } as const;

  for (const [title, defaults] of Object.entries(progressive)) {
    describe(title, () => {
      let shop: Site;
      before(async function () {
        if (defaults.route.through === "gateway" && findProgram(gatewayPlugin) === undefined) {
          console.log(`      not there: ${gatewayPlugin}`);
          this.skip();
        }
        shop = await site(defaults);
      });

      it("is there after the first deployment, with all its replicas", async () => {
        const done = await shop.up("1.0.0");
        assert.equal(done["Rollout/web"], "create");
        await shop.serves("1.0.0");
        await eventually("4 replicas serve", async () => (await shop.ready()) === 4, 20);
      });

      it("changes nothing when it is deployed again", async () => {
        assert.deepEqual(await shop.up("1.0.0"), {});
      });

      it("ends a release only when all traffic is on it, by the measurements", async () => {
        prometheus.site({ requests: 1000 });
        prometheus.queries.length = 0;
        const done = await shop.up("1.1.0");
        assert.equal(done["Rollout/web"], "update");
        await shop.serves("1.1.0");
        assert.ok(prometheus.queries.length >= 6, "two measurements of three metrics");
      });

      it("returns a release with errors, and fails the deployment", async () => {
        prometheus.site({ requests: 1000, errorPercent: 50 });
        await assert.rejects(shop.up("1.2.0"), /the release of web did not succeed: RolloutAborted.*"errors"/s);
        await shop.serves("1.1.0");
      });

      it("fails again when the failed release is deployed again, and recovers with the one before it", async () => {
        await assert.rejects(shop.up("1.2.0"), /did not succeed/);
        prometheus.site({ requests: 1000 });
        await shop.up("1.1.0");
        await shop.serves("1.1.0");
      });

      it("returns a release that nobody asked anything", async () => {
        prometheus.site({ requests: 0 });
        await assert.rejects(shop.up("1.3.0"), /RolloutAborted.*"requests"/s);
        await shop.serves("1.1.0");
      });

      it("returns a release that Prometheus has no series of, and one that it does not answer for", async () => {
        prometheus.answer = () => undefined;
        await assert.rejects(shop.up("1.4.0"), /RolloutAborted/);
        prometheus.answer = () => "down";
        await assert.rejects(shop.up("1.5.0"), /RolloutAborted/);
        await shop.serves("1.1.0");
      });

      it("replaces a release that is still under way", async () => {
        prometheus.site({ requests: 1000 });
        const person = new AbortController();
        const first = assert.rejects(shop.up("1.6.0", {}, person.signal), /enough/);
        await eventually("the release has begun", async () => (await shop.images()).has("1.6.0"));
        person.abort(new Error("enough"));
        await first;
        await shop.up("1.7.0");
        await shop.serves("1.7.0");
      });

      it("is a release too when only a variable changes", async () => {
        prometheus.site({ requests: 1000 });
        const before = (await shop.rollout()).status.stableRS;
        const done = await shop.up("1.7.0", { environment: { LOG_LEVEL: "debug" } });
        assert.equal(done["Rollout/web"], "update");
        assert.notEqual((await shop.rollout()).status.stableRS, before);
      });
    });
  }

  describe("rolling behind an ingress", () => {
    let shop: Site;
    before(async () => {
      shop = await site({ route: { through: "ingress" } });
    });

    it("is there after the first deployment, with all its replicas", async () => {
      const done = await shop.up("1.0.0");
      assert.equal(done["Deployment/web"], "create");
      await eventually("4 replicas serve", async () => (await shop.ready()) === 4, 20);
    });

    it("changes nothing when it is deployed again", async () => {
      assert.deepEqual(await shop.up("1.0.0"), {});
    });

    it("ends a release only when every replica is of it, and has lost none", async () => {
      let done: Record<string, string> = {};
      const least = await shop.leastReady(async () => {
        done = await shop.up("1.1.0");
      });
      assert.equal(done["Deployment/web"], "update");
      assert.deepEqual([...(await shop.images())], ["1.1.0"]);
      assert.equal(least, 4);
    });

    it("is a release too when only a variable changes", async () => {
      const done = await shop.up("1.1.0", { environment: { LOG_LEVEL: "debug" } });
      assert.equal(done["Deployment/web"], "update");
    });
  });

  it("hands a fixed number of replicas to an autoscaler and back without losing one", async () => {
    for (const release of [undefined, blueGreen]) {
      const shop = await site({ route: { through: "ingress" }, ...(release === undefined ? {} : { release }) });
      await shop.up("1.0.0");
      await eventually("4 replicas serve", async () => (await shop.ready()) === 4);
      const least = await shop.leastReady(async () => {
        await shop.up("1.0.0", { scaling: { ...fixed, maxReplicas: 10 } });
        await shop.wait(5);
        await shop.up("1.0.0");
        await shop.wait(5);
      });
      assert.equal(least, 4, release?.strategy ?? "rolling");
      await shop.up("1.0.0", { scaling: { ...fixed, minReplicas: 6, maxReplicas: 6 } });
      await eventually("6 replicas serve", async () => (await shop.ready()) === 6);
    }
  });

  it("changes the strategy there and back without losing a replica", async () => {
    prometheus.site({ requests: 1000 });
    const shop = await site({ route: { through: "ingress" } });
    await shop.up("1.0.0");
    await eventually("4 replicas serve", async () => (await shop.ready()) === 4);
    const least = await shop.leastReady(async () => {
      for (const release of [blueGreen, canary, undefined, canary, blueGreen, undefined]) {
        await shop.up("1.0.0", release === undefined ? {} : { release });
        await shop.wait(3);
      }
    });
    assert.equal(least, 4);
    assert.equal((await plane.list(shop.namespace, "rollouts")).length, 0);
    assert.equal((await plane.list(shop.namespace, "deployments")).length, 1);
  });

  it("takes back what kubectl rollout undo left behind", async () => {
    const shop = await site({ route: { through: "ingress" } });
    await shop.up("1.0.0");
    await shop.up("1.1.0");
    await plane.kubectl(["-n", shop.namespace, "rollout", "undo", "deployment/web"]);
    await shop.up("1.2.0");
    await eventually("the new release serves alone", async () => {
      const images = await shop.images();
      return images.size === 1 && images.has("1.2.0");
    });
  });
});

class Site {
  private readonly deployed: AsPulumi;

  constructor(
    private readonly plane: ControlPlane,
    readonly namespace: string,
    private readonly defaults: Partial<KubernetesServiceArgs>,
    private readonly prometheus: StubPrometheus,
  ) {
    this.deployed = new AsPulumi(plane);
  }

  async up(release: string, more: Partial<KubernetesServiceArgs> = {}, interrupted?: AbortSignal) {
    return this.deployed.up(await this.plan(release, more), interrupted);
  }

  private plan(release: string, more: Partial<KubernetesServiceArgs>): Promise<Plan> {
    const args: KubernetesServiceArgs = {
      ...serviceArgs,
      ...this.defaults,
      ...more,
      network: { ...serviceArgs.network, namespace: serviceArgs.network.namespace.apply(() => this.namespace) },
      image: registryImage(`ghcr.io/acme/shop:${release}`),
      migration: undefined,
      analysis: { prometheusUrl: this.prometheus.url, errorPercent: 1, p95Milliseconds: 1000 },
      transform: { analysis: hurried },
    };
    return record(() => void new KubernetesService("web", args));
  }

  async rollout(): Promise<Rollout> {
    return (await this.plane.get<Rollout>(this.namespace, "rollout", "web"))!;
  }

  /** All traffic of the Service goes to that release. */
  async serves(release: string): Promise<void> {
    await eventually(`traffic is on ${release} alone`, async () => {
      const { spec } = (await this.plane.get<{ spec: { selector: Record<string, string> } }>(
        ...([this.namespace, "service", "web"] as const),
      ))!;
      const selector = Object.entries(spec.selector).map(([key, value]) => `${key}=${value}`);
      const images = await this.images(selector.join(","));
      return images.size === 1 && images.has(release);
    });
  }

  async images(selector = "app.kubernetes.io/name=web"): Promise<Set<string>> {
    const pods = await this.plane.list<Pod>(this.namespace, "pods", selector);
    const running = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return new Set(running.map(({ spec }) => spec.containers[0].image.split(":").at(-1)!));
  }

  async ready(): Promise<number> {
    return readyReplicas(this.plane, this.namespace, "web");
  }

  async leastReady(act: () => Promise<void>): Promise<number> {
    return leastReady(() => this.ready(), act);
  }

  async wait(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
