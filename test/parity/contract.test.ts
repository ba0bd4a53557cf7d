import { deepEqual, equal, ok } from "node:assert/strict";
import { errorPercent, p95Seconds } from "../../components/monitoring/prometheus/queries";
import { signals } from "../../components/monitoring/signals";
import type { Plan, PlanValue } from "../../tools/plan/plan";
import { isUnknown } from "../../tools/plan/plan";
import { contract, misfits } from "../application-contract";
import { textNamed } from "../components/docker-mocks";
import { all } from "../record";
import { planOf, type TargetName, targetNames } from "./targets";

/** Read by Node.js, Next.js, the AWS SDK or the image, and not by the platform's table. */
const others = [
  "DEPLOYMENT_ID",
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  "AWS_REGION",
  "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
];

type Container = Readonly<Record<string, PlanValue>>;

/** Every container of the application that a plan has. */
const containersOf: Readonly<Record<TargetName, (plan: Plan) => Container[]>> = {
  "aws-ecs": (plan) =>
    all(plan, "aws:ecs/taskDefinition:TaskDefinition").flatMap(({ inputs }) => {
      const text = inputs["containerDefinitions"];
      return JSON.parse(isUnknown(text) ? text.template! : (text as string)) as Container[];
    }),
  kubernetes: (plan) =>
    plan.resources
      .filter(({ name, type }) => /:(Deployment|Job|CronJob|Rollout)$/.test(type) && name.startsWith("web"))
      .flatMap(({ inputs }) => podsIn(inputs as PlanValue))
      .flatMap((pod) => pod["containers"] as unknown as Container[]),
  docker: (plan) =>
    all(plan, "docker:index/container:Container")
      .filter(({ name }) => /-app(-|$)/.test(name) && !name.includes("image"))
      .map(({ inputs }) => inputs),
};

function podsIn(value: PlanValue): Container[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return (value as readonly PlanValue[]).flatMap(podsIn);
  const map = value as Container;
  return "containers" in map ? [map] : Object.values(map).flatMap(podsIn);
}

/** Names of the variables of a container, in whichever form its target has for them. */
function variablesOf(container: Container): string[] {
  const lists = ["environment", "secrets", "env"].flatMap((key) => (container[key] ?? []) as { name: string }[]);
  const texts = ((container["envs"] ?? []) as PlanValue[]).map((each) => (isUnknown(each) ? each.template! : each));
  return [...lists.map(({ name }) => name), ...texts.map((text) => (text as string).split("=")[0]!)];
}

describe("the contract between application and infrastructure", () => {
  describe("metrics", () => {
    it("every query of the table of signals asks for what the application says", () => {
      const queries = signals.flatMap(({ id, prometheus = {} }) =>
        Object.values(prometheus).map((query): [string, string] => [id, query.replaceAll(/\$\w+/g, "1")]),
      );
      ok(queries.length > 15);
      deepEqual(
        queries.flatMap(([id, query]) => misfits(query).map((problem) => `${id}: ${problem}`)),
        [],
      );
    });

    for (const target of ["kubernetes", "docker"] as const) {
      it(`every rule, and every judgement of a release, on ${target}`, async () => {
        const strategies = target === "docker" ? ["rolling"] : ["rolling", "blue-green", "canary"];
        for (const strategy of strategies) {
          const monitored = {
            kubernetes: {
              backupBucket: "s3://b/a",
              ingressNamespace: "ingress-nginx",
              prometheusUrl: "http://prometheus:9090",
            },
          };
          const plan = await planOf(target, { release: { strategy }, ...(target === "docker" ? {} : monitored) });
          const queries = queriesIn(plan);
          ok(queries.length >= 8, `${strategy}: ${queries.length} queries`);
          deepEqual(queries.flatMap(misfits), []);
        }
      });
    }

    it("would find a metric, a label or a value that does not exist", () => {
      deepEqual(misfits('sum(db_pool_connections{job="a",state="active"})'), [
        'db_pool_connections never has state="active"',
      ]);
      deepEqual(misfits('rate(http_requests_total{code=~"5.."}[5m])'), ["http_requests_total has no label code"]);
      deepEqual(misfits("sum(rate(http_request_total[5m]))"), ["no metric http_request_total"]);
      deepEqual(misfits('histogram_quantile(0.95, http_requests_total_bucket{job="a"})'), [
        "no metric http_requests_total_bucket",
      ]);
    });

    it("errors and slowness are defined once", async () => {
      const text = JSON.stringify(signals);
      ok(text.includes(JSON.stringify(errorPercent('job="$job"', "5m")).slice(1, -1)));
      ok(text.includes(JSON.stringify(p95Seconds('job="$job"', "5m")).slice(1, -1)));
      equal((text.match(/http_request_duration_seconds_bucket/g) ?? []).length, 1);
      // Over minutes, and over hours.
      equal((text.match(/status=~/g) ?? []).length, 2);
    });
  });

  for (const target of targetNames) {
    it(`variables: ${target} sets none that the application does not know`, async () => {
      const containers = containersOf[target](await planOf(target));
      ok(containers.length > 0);
      const names = new Set(containers.flatMap(variablesOf));
      ok(names.has("PORT") && names.size > 10, [...names].join(" "));
      deepEqual(
        [...names].filter((name) => !isKnown(name)),
        [],
      );
      const required = Object.entries(contract.variables).flatMap(([name, { required: is }]) => (is ? [name] : []));
      deepEqual(
        required.filter((name) => !names.has(name) && !names.has(`${name}_FILE`)),
        [],
      );
    });

    it(`paths: ${target} asks where the application answers`, async () => {
      const text = (await planOf(target)).resources
        .filter(
          ({ type, name }) =>
            /Container$|TaskDefinition|TargetGroup|:Deployment$|Rollout$/.test(type) && !/nginx/.test(name),
        )
        .map(({ inputs }) => JSON.stringify(inputs))
        .join("\n");
      const asked = new Set(text.match(/\/(api\/\w+|healthz|ready|metrics)\b/g));
      deepEqual(
        [...asked].filter((path) => !Object.values(contract.paths).includes(path)),
        [],
      );
      ok(asked.has(contract.paths.ready), [...asked].join(" "));
    });
  }

  it("timeouts: every proxy closes an idle connection before the application does", async () => {
    const keepAlive = Number(contract.variables["KEEP_ALIVE_TIMEOUT"]!.default) / 1000;
    const [balancer] = all(await planOf("aws-ecs"), "aws:lb/loadBalancer:LoadBalancer");
    const idle = balancer!.inputs["idleTimeout"] as number;
    ok(idle < keepAlive, `the load balancer keeps connections for ${idle} s, the application for ${keepAlive} s`);
    // nginx keeps its own connections to the application for 60 s, unless it says otherwise.
    const upstream = /upstream[^}]*keepalive_timeout (\d+)s/.exec(textNamed(await planOf("docker"), "nginx.conf"));
    ok(Number(upstream?.[1] ?? 60) < keepAlive);
  });

  it("ports: what is not said is what the application takes for granted", async () => {
    for (const target of targetNames) {
      const [container] = containersOf[target](await planOf(target));
      const text = JSON.stringify(container);
      for (const name of ["PORT", "METRICS_PORT"]) {
        const port = contract.variables[name]!.default!;
        ok(
          text.includes(`${name}=${port}`) || text.includes(`"name":"${name}","value":"${port}"`),
          `${target}: ${name} is not ${port}`,
        );
      }
    }
  });
});

function isKnown(name: string): boolean {
  if (name in contract.variables || others.includes(name)) return true;
  return name.endsWith("_FILE") && contract.variables[name.slice(0, -"_FILE".length)]?.secret === true;
}

/** Every PromQL expression in a plan's objects and files. */
function queriesIn(plan: Plan): string[] {
  const found: string[] = [];
  const visit = (value: PlanValue, key?: string): void => {
    if (typeof value === "string" && (key === "query" || key === "expr")) found.push(value);
    if (typeof value !== "object" || value === null) return;
    for (const [each, item] of Object.entries(value)) visit(item as PlanValue, each);
  };
  for (const { inputs } of plan.resources) visit(inputs);
  if (all(plan, "docker:index/container:Container").length > 0) {
    const rules = textNamed(plan, "rules.yaml");
    found.push(...[...rules.matchAll(/expr: (?:>-?\n)?([\s\S]*?)\n\s+for:/g)].map(([, expression = ""]) => expression));
  }
  return found;
}
