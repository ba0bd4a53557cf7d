import { deepEqual, equal, ok } from "node:assert/strict";
import type { Plan } from "../../tools/plan/plan";
import { json } from "../components/aws-fixtures";
import { container } from "../components/docker-mocks";
import { all, only } from "../record";
import { planOf, type TargetName, targetNames } from "./targets";

/** How a replica is asked whether it is well, how it is stopped, and what has to have happened before it starts. */
interface Rules {
  /** What decides over traffic. */
  readonly routedBy: string;
  readonly killedAfterSeconds: unknown;
  /** Seconds for which it still serves after it left the routing, and seconds it then has. */
  readonly drain: unknown;
  readonly grace: unknown;
  /** Whether replicas wait for a migration that succeeded. */
  readonly migratedFirst: boolean;
}

interface TaskContainer {
  readonly name: string;
  readonly stopTimeout?: number;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [
    {
      readonly readinessProbe: { readonly httpGet: { readonly path: string } };
      readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
      readonly env: readonly { readonly name: string; readonly value?: string }[];
    },
  ];
}

const rulesOf: Readonly<Record<TargetName, (plan: Plan) => Rules>> = {
  "aws-ecs": (plan) => {
    const task = only(plan, "aws:ecs/taskDefinition:TaskDefinition", "web").inputs["containerDefinitions"];
    const containers = json<TaskContainer[]>(task);
    const server = containers.find(({ stopTimeout }) => stopTimeout !== undefined)!;
    // In a task of its own, which the service waits for.
    const migration = all(plan, "aws:lambda/invocation:Invocation").find(({ name }) => name === "web-migration");
    const service = only(plan, "aws:ecs/service:Service", "web");
    const variable = (name: string) => Number(server.environment.find((each) => each.name === name)?.value);
    const groups = all(plan, "aws:lb/targetGroup:TargetGroup").map(({ inputs }) => inputs["healthCheck"]);
    return {
      routedBy: (groups[0] as unknown as { path: string }).path,
      killedAfterSeconds: server.stopTimeout,
      drain: variable("SHUTDOWN_DELAY_SECONDS"),
      grace: variable("SHUTDOWN_GRACE_SECONDS"),
      migratedFirst: migration !== undefined && service.dependencies.includes(migration.urn),
    };
  },
  kubernetes: (plan) => {
    const deployment = only(plan, "kubernetes:apps/v1:Deployment", "web-deployment");
    const { spec } = deployment.inputs as unknown as { spec: { template: { spec: Pod } } };
    const [web] = spec.template.spec.containers;
    return {
      routedBy: web.readinessProbe.httpGet.path,
      killedAfterSeconds: spec.template.spec.terminationGracePeriodSeconds,
      drain: web.lifecycle.preStop.sleep.seconds,
      grace: Number(web.env.find(({ name }) => name === "SHUTDOWN_GRACE_SECONDS")?.value),
      migratedFirst: deployment.dependencies.some((urn) => urn.endsWith("::web-migration")),
    };
  },
  docker: (plan) => {
    const { inputs } = container(plan, "slipway-test-app-1");
    const envs = JSON.stringify(inputs.envs);
    const variable = (name: string) => Number(new RegExp(`"${name}=(\\d+)"`).exec(envs)?.[1]);
    return {
      routedBy: /127\.0\.0\.1:\d+([^"']+)['"]/.exec(inputs.healthcheck.tests.join(" "))![1]!,
      killedAfterSeconds: inputs["stopTimeout"],
      drain: variable("SHUTDOWN_DELAY_SECONDS"),
      grace: variable("SHUTDOWN_GRACE_SECONDS"),
      migratedFirst: inputs.labels.some(({ label }) => label === "app.slipway.migration"),
    };
  },
};

describe("health and release rules", () => {
  for (const target of targetNames) {
    it(`are the same on ${target} as everywhere`, async () => {
      const plan = await planOf(target, { service: { drainSeconds: 7, graceSeconds: 31 } });
      deepEqual(rulesOf[target](plan), {
        // A dependency that is lost later degrades all replicas, and takes none out of the routing.
        routedBy: "/api/ready?for=routing",
        killedAfterSeconds: 43,
        drain: 7,
        grace: 31,
        migratedFirst: true,
      });
    });

    it(`ask for no migration on ${target} where there is none`, async () => {
      const { migratedFirst } = rulesOf[target](await planOf(target, { database: { implementation: "none" } }));
      equal(migratedFirst, false);
    });
  }

  it("keep the image's own probe of a container from a dependency's trouble", async () => {
    const task = only(await planOf("aws-ecs"), "aws:ecs/taskDefinition:TaskDefinition", "web").inputs[
      "containerDefinitions"
    ];
    ok(JSON.stringify(json<unknown>(task)).includes("/api/health"));
    const pod = JSON.stringify(
      only(await planOf("kubernetes"), "kubernetes:apps/v1:Deployment", "web-deployment").inputs,
    );
    ok(/"livenessProbe":\{[^}]*"path":"\/api\/health"/.test(pod), pod);
  });
});
