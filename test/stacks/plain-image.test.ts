import { strict as assert } from "node:assert";
import { containerProbe } from "../../components/shared/container-probe";
import { mandatoryFailures } from "../../policy/report";
import { runStack } from "../../stacks/targets";
import { resolveSettings } from "../../stacks/settings/load";
import type { StackFile } from "../../stacks/settings/settings";
import { warningsOf } from "../../stacks/settings/warnings";
import { evaluatePlan } from "../../tools/judge/policy/evaluate-plan";
import type { Plan, PlanValue } from "../../tools/plan/plan";
import { json } from "../components/aws-fixtures";
import { record } from "../record";

const common = {
  domain: "shop.example.com",
  service: {
    port: 8000,
    health: { live: "tcp", ready: "/healthz" },
    command: ["gunicorn", "shop:app"],
    user: 1234,
    writable: ["/srv/cache", "/srv/logs"],
  },
};
const files = {
  docker: {
    ...common,
    target: "docker",
    docker: { backupsOnThisHostOnly: true },
    image: "ghcr.io/acme/shop:1.4.2",
    cdn: { assetPath: "/assets/" },
  },
  kubernetes: {
    ...common,
    target: "kubernetes",
    preset: "staging",
    image: "ghcr.io/acme/shop@sha256:" + "a".repeat(64),
    monitoring: { webhook: "https://hooks.example.com/x" },
    kubernetes: { gateway: "infra/public" },
  },
  "aws-ecs": {
    ...common,
    target: "aws-ecs",
    image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:" + "a".repeat(64),
    tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    cdn: { assetPath: "/assets/" },
  },
} satisfies Record<string, StackFile>;
const around = { awsRegion: "eu-central-1", project: "shop" };

const settingsOf = (target: keyof typeof files, service: object = {}) =>
  resolveSettings("test", { ...files[target], service: { ...common.service, ...service } }, around);

function refused(target: keyof typeof files, service: object, more: object = {}): string {
  try {
    resolveSettings("test", { ...files[target], service: { ...common.service, ...service }, ...more }, around);
  } catch (error) {
    return String(error);
  }
  throw new Error("was accepted");
}

describe("a plain image", () => {
  it("is asked its own way, runs as its own user, and writes where it says: on Docker", async () => {
    const plan = await record(() => runStack(settingsOf("docker")));
    const replica = inputs(plan, "docker:index/container:Container", "slipway-test-app-1");
    assert.deepEqual(replica.command, ["gunicorn", "shop:app"]);
    assert.equal(replica.user, "1234:1234");
    assert.deepEqual(Object.keys(replica.tmpfs as object).sort(), ["/srv/cache", "/srv/logs", "/tmp"]);
    const { tests } = replica.healthcheck as { tests: string[] };
    assert.equal(tests[0], "CMD-SHELL");
    assert.match(tests[1]!, /curl .*'http:\/\/127\.0\.0\.1:8000\/healthz'/);
    assert.ok(!plan.resources.some(({ name }) => name === "slipway-test-app-migrate"), "nothing to migrate");
    const text = JSON.stringify(plan.resources.map(({ inputs: all }) => all));
    assert.match(text, /http-check send meth GET uri \/healthz/);
    assert.match(text, /acl asset path_beg \/assets\//);
    assert.match(text, /\(\?<asset_path>\/assets\(/);
    assert.match(text, /add_header X-Content-Type-Options/);
    assert.equal(plan.outputs["health"], "https://shop.example.com:8443/healthz");
  });

  it("is probed by the kubelet, under restricted", async () => {
    const plan = await record(() => runStack(settingsOf("kubernetes")));
    const { spec } = inputs(plan, "kubernetes:apps/v1:Deployment", "web-deployment") as { spec: Deployment };
    const [container] = spec.template.spec.containers;
    assert.deepEqual(container!.command, ["gunicorn", "shop:app"]);
    assert.deepEqual(container!.livenessProbe.tcpSocket, { port: "http" });
    assert.deepEqual(container!.readinessProbe.httpGet, { path: "/healthz", port: "http" });
    assert.ok(container!.volumeMounts.some(({ mountPath }) => mountPath === "/srv/logs"));
    assert.equal(spec.template.spec.securityContext.runAsUser, 1234);
    const route = inputs(plan, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "web-route");
    assert.match(JSON.stringify(route), /X-Content-Type-Options/);
    const [rule] = (route["spec"] as { rules: { filters: Filter[] }[] }).rules;
    const removed = rule!.filters.flatMap(({ requestHeaderModifier }) => requestHeaderModifier?.remove ?? []);
    assert.ok(removed.includes("x-middleware-subrequest") && removed.includes("x-now-route-matches"), String(removed));
    assert.ok(removed.length <= 16, "the most that the Gateway API takes");
  });

  it("is a task without the platform's commands on ECS", async () => {
    const plan = await record(() => runStack(settingsOf("aws-ecs")), { config: { "aws:region": "eu-central-1" } });
    const task = inputs(plan, "aws:ecs/taskDefinition:TaskDefinition", "web");
    const definitions = json<Task[]>(task["containerDefinitions"] as PlanValue);
    assert.deepEqual(
      definitions.map(({ name }) => name),
      ["server"],
    );
    const [server] = definitions;
    assert.deepEqual(server!.command, ["gunicorn", "shop:app"]);
    assert.equal(server!.user, "1234:1234");
    assert.match(server!.healthCheck.command[1]!, /create_connection\(\("127\.0\.0\.1",8000\)/);
    assert.deepEqual(
      server!.mountPoints.map(({ containerPath }) => containerPath),
      ["/tmp", "/srv/cache", "/srv/logs"],
    );
    const group = plan.resources.find(({ type }) => type === "aws:lb/targetGroup:TargetGroup")!;
    assert.equal((group.inputs["healthCheck"] as { path: string }).path, "/healthz");
  });

  it("says once what is lost, on each target", () => {
    for (const target of ["docker", "kubernetes", "aws-ecs"] as const) {
      const said = warningsOf(settingsOf(target)).filter((line) => line.includes("without @slipway/next"));
      assert.equal(said.length, 1, target);
      assert.match(said[0]!, /no cache that replicas share/);
    }
  });

  it("is refused where it cannot be: root under restricted, a connection for a load balancer, a judge without metrics", () => {
    assert.match(refused("kubernetes", { user: 0 }), /service\.user\s+0 is root, which .*restricted/);
    assert.match(refused("aws-ecs", { health: { live: "/", ready: "tcp" } }), /service\.health\.ready/);
    assert.match(
      refused(
        "kubernetes",
        {},
        { release: { strategy: "canary" }, kubernetes: { gateway: "a/b", prometheusUrl: "http://p:9090" } },
      ),
      /release\.strategy\s+"?canary"? is judged by metrics/,
    );
    assert.match(refused("docker", { writable: ["/etc/app", "cache"] }), /service\.writable/);
  });

  it("may run as root on one host, once a policy's exemption says why", async () => {
    const settings = settingsOf("docker", { user: 0 });
    const plan = await record(() => runStack(settings));
    const failed = (configuration: object) =>
      mandatoryFailures(evaluatePlan(plan, configuration, { today: new Date("2026-01-01") })).map(({ rule }) => rule);
    assert.deepEqual([...new Set(failed({}))], ["docker-nonroot"]);
    const exemption = { rule: "docker-nonroot", resource: "slipway-test-app-*", reason: "reads a file of root's" };
    assert.deepEqual(failed({ exemptions: [exemption] }), []);
  });

  it("has a probe with a command of its own where it has neither a shell nor a program", () => {
    const health = { livePath: "/", readyPath: "/", intervalSeconds: 10, timeoutSeconds: 5, startupSeconds: 60 };
    assert.deepEqual(containerProbe({ ...health, command: ["/probe", "-q"] }, "/", 80), ["CMD", "/probe", "-q"]);
  });
});

interface Filter {
  readonly requestHeaderModifier?: { readonly remove: readonly string[] };
}
interface Deployment {
  template: {
    spec: {
      securityContext: { runAsUser: number };
      containers: {
        command: string[];
        livenessProbe: { tcpSocket: object };
        readinessProbe: { httpGet: object };
        volumeMounts: { mountPath: string }[];
      }[];
    };
  };
}

interface Task {
  name: string;
  command: string[];
  user: string;
  healthCheck: { command: string[] };
  mountPoints: { containerPath: string }[];
}

function inputs(plan: Plan, type: string, name: string): Record<string, unknown> {
  const found = plan.resources.find((resource) => resource.type === type && resource.name === name);
  assert.ok(found, `${type} ${name}`);
  return found.inputs;
}
