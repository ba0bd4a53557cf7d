import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import { compositeAlarms } from "../../../../components/monitoring/composite-alarms";
import type { Plan } from "../../../../tools/plan/plan";
import { textNamed } from "../../docker-mocks";
import { all, only } from "../../../record";
import { planOf } from "../../../parity/targets";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Routing {
  readonly route: { readonly routes?: readonly object[] };
  readonly inhibit_rules?: readonly {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal: readonly string[];
  }[];
  readonly receivers: readonly { readonly name: string }[];
}

const webhook = "https://hooks.example.com/x";
const onHost = (compositeAlarms: boolean) =>
  planOf("docker", {
    docker: { backupsOnThisHostOnly: true, exporters: true },
    monitoring: { webhook, compositeAlarms },
  });
const rulesOf = (plan: Plan) =>
  (parse(textNamed(plan, "rules.yaml")) as { groups: [{ rules: Rule[] }] }).groups[0].rules;
const routingOf = (plan: Plan) => parse(textNamed(plan, "alertmanager.yaml")) as Routing;

/** The same data as the composite alarms of CloudWatch; what a real Prometheus and Alertmanager make of it: alarms.host.test.ts. */
describe("composite alarms of Prometheus and Alertmanager", function () {
  this.timeout(60_000);

  it("are an alert each, after those of the signals, and one that lasts longer for each that is suppressed", async () => {
    const rules = rulesOf(await onHost(true));
    const first = rules.findIndex(({ labels }) => labels["signal"] === undefined);
    const [signals, added] = [rules.slice(0, first), rules.slice(first)];
    ok(signals.length > 15 && signals.every(({ labels }) => labels["signal"] !== undefined));
    deepEqual(
      added.map(({ alert, labels }) => `${alert} ${labels["severity"]} ${labels["composite"] ?? labels["suppressor"]}`),
      [
        "RequestsFail page requests-fail",
        "Slow page slow",
        "Budget ticket budget",
        "Edge page edge",
        "RequestsFailSuppressor none requests-fail-300",
        "RequestsFailSuppressor none requests-fail-21600",
      ],
    );
    const [fails] = added as [Rule];
    equal(
      fails.expr.replaceAll(/\s+/g, " "),
      'count(ALERTS{alertstate="firing",signal=~"replicas|errors",stack="shop-test",domain="shop.example.com"}) > 0',
    );
    match(fails.annotations["description"]!, /range query `ALERTS\{.*Labels\.alertname/);
    match(added.at(-1)!.expr, /max_over_time\(ALERTS\{[^}]*composite="requests-fail"[^}]*\}\[21600s\]\)/);
  });

  it("silence what is in them, and what follows from another, of the same stack alone", async () => {
    const { inhibit_rules: inhibited, receivers, route } = routingOf(await onHost(true));
    deepEqual(
      inhibited!.map((one) => `${one.source_matchers.join()} -> ${one.target_matchers.join()}`),
      [
        'composite="requests-fail" -> signal=~"errors|replicas"',
        'composite="slow" -> signal="latency"',
        'composite="budget" -> signal="error-budget"',
        'composite="edge" -> signal=~"site-down|cdn-errors"',
        'suppressor="requests-fail-300" -> composite="slow"',
        'suppressor="requests-fail-21600" -> composite="budget"',
        'suppressor="requests-fail-300" -> composite="edge"',
      ],
    );
    for (const { equal: same } of inhibited!) deepEqual(same, ["namespace", "stack", "domain"]);
    deepEqual(route.routes, [
      { matchers: ['severity="none"'], receiver: "nobody" },
      ...["slow", "budget", "edge"].map((id) => ({ matchers: [`composite="${id}"`], group_wait: "120s" })),
    ]);
    deepEqual(
      receivers.map(({ name }) => name),
      ["team", "nobody"],
    );
    // Each says how much later the worse may go off, and how much longer what follows from it may last.
    equal(compositeAlarms.filter(({ suppressedBy }) => suppressedBy !== undefined).length, 3);
  });

  it("are off where they are not asked for: each alert notifies by itself", async () => {
    const plan = await onHost(false);
    ok(rulesOf(plan).every(({ labels }) => labels["signal"] !== undefined));
    const { inhibit_rules: inhibited, receivers, route } = routingOf(plan);
    deepEqual([inhibited, route.routes, receivers.length], [undefined, undefined, 1]);
  });

  it("are the same on Kubernetes, in the operator's words, and none where others decide who is notified", async () => {
    const configuration = "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig";
    const rule = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
    const plan = await planOf("kubernetes", { monitoring: { webhook } });
    const { spec } = only(plan, configuration).inputs as unknown as {
      spec: {
        inhibitRules: readonly Record<string, unknown>[];
        receivers: readonly { name: string }[];
        route: { routes: readonly Record<string, unknown>[] };
      };
    };
    deepEqual(spec.inhibitRules[0], {
      sourceMatch: [{ name: "composite", matchType: "=", value: "requests-fail" }],
      targetMatch: [{ name: "signal", matchType: "=~", value: "errors|replicas" }],
      equal: ["namespace", "stack", "domain"],
    });
    deepEqual(spec.receivers.at(-1), { name: "nobody" });
    deepEqual(spec.route.routes[0], {
      receiver: "nobody",
      matchers: [{ name: "severity", matchType: "=", value: "none" }],
    });
    deepEqual(spec.route.routes[1], {
      receiver: "team",
      matchers: [{ name: "composite", matchType: "=", value: "slow" }],
      groupWait: "120s",
      repeatInterval: "2h",
    });
    const added = (one: Plan) => JSON.stringify(only(one, rule).inputs).match(/"composite":/g)?.length ?? 0;
    equal(added(plan), 3);
    const quiet = await planOf("kubernetes", { monitoring: {} });
    deepEqual([all(quiet, configuration).length, added(quiet)], [0, 0]);
  });
});
