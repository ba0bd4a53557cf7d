import { childrenOf, type Composed, composed, type CompositeAlarm } from "../composite-alarms";
import { alertName, type PrometheusRule } from "./rules";
import type { Watch } from "./watches";

/** Composite alarms as CloudWatch has them, made of what Prometheus and Alertmanager have. */

type Labels = Readonly<Record<string, string>>;

/** One label and the values of it, of which any is meant. */
export interface Matched {
  readonly label: "composite" | "signal" | "suppressor";
  readonly values: readonly string[];
}

/** While an alert of `source` fires, nobody is notified of one of `target` that has the same labels `equal`. */
export interface Inhibition {
  readonly source: Matched;
  readonly target: Matched;
}

/** By which alerts are of one stack: those that are on none are the same on all. */
export const sameStack = ["namespace", "stack", "domain"] as const;

export const composedOf = (watched: readonly Watch[]): Composed[] =>
  composed([...new Set(watched.map(({ signal }) => signal.id))].map((signal) => ({ signal })));

/**
 * An alert for each composite alarm, and one that notifies nobody for as long as it suppresses another. They belong behind those of
 * the signals, in the same group: rules of a group are evaluated in order, so that none is a turn late.
 */
export function compositeRules(
  all: readonly Composed[],
  watched: readonly Watch[],
  labels: Labels = {},
): PrometheusRule[] {
  return [...all.map(({ composite }) => notifying(composite)), ...suppressors(all).map(silent)];

  function notifying(composite: CompositeAlarm): PrometheusRule {
    const signals = [
      ...new Set(
        childrenOf(
          composite,
          watched.map(({ signal }) => ({ signal: signal.id })),
        ).map(({ signal }) => signal),
      ),
    ];
    const firing = firingAlerts({ signal: signals, ...labels });
    return {
      alert: alertName(composite.id),
      expr: `count(${firing}) > 0`,
      for: "0m",
      labels: { severity: composite.severity, source: "site", composite: composite.id, ...labels },
      annotations: {
        summary: composite.alarm,
        // Which of them, when it is sent.
        description: `{{ range query \`${firing}\` }}{{ .Labels.alertname }} ({{ .Labels.source }}). {{ end }}`,
        runbook: composite.runbook,
        runbook_url: `docs/runbooks/${composite.signals[0]}.md`,
      },
    };
  }

  function silent({ id, seconds }: Suppression): PrometheusRule {
    return {
      alert: `${alertName(id)}Suppressor`,
      expr: `count(max_over_time(${firingAlerts({ composite: [id], ...labels })}[${seconds}s])) > 0`,
      for: "0m",
      labels: { severity: "none", source: "site", suppressor: suppressorOf({ id, seconds }), ...labels },
      annotations: {
        summary: `What follows from ${id} notifies nobody`,
        description: `For ${seconds} s after it has ended. Alertmanager sends this to nobody.`,
        runbook: "Nothing to do.",
        runbook_url: "docs/docker.md#one-message-for-one-trouble",
      },
    };
  }
}

/** What is in a composite alarm is told by it, and what follows from another's trouble not at all. */
export function inhibitions(all: readonly Composed[]): Inhibition[] {
  return [
    ...all.map(({ composite: { id, signals } }): Inhibition => ({
      source: { label: "composite", values: [id] },
      target: { label: "signal", values: signals },
    })),
    ...suppressed(all).map(({ composite, suppression }): Inhibition => ({
      source: { label: "suppressor", values: [suppressorOf(suppression)] },
      target: { label: "composite", values: [composite.id] },
    })),
  ];
}

/** Composite alarms that wait for one that is worse. */
export const waiting = (
  all: readonly Composed[],
): (Pick<CompositeAlarm, "id" | "severity"> & { readonly seconds: number })[] =>
  suppressed(all).map(({ composite: { id, severity, suppressedBy } }) => ({
    ...{ id, severity },
    seconds: suppressedBy!.waitSeconds,
  }));

interface Suppression {
  readonly id: string;
  /** That it lasts beyond the alarm. */
  readonly seconds: number;
}

const suppressed = (all: readonly Composed[]) =>
  all.flatMap(({ composite, suppressor }) =>
    suppressor === undefined
      ? []
      : [{ composite, suppression: { id: suppressor.id, seconds: composite.suppressedBy!.extensionSeconds } }],
  );

const suppressorOf = ({ id, seconds }: Suppression): string => `${id}-${seconds}`;

function suppressors(all: readonly Composed[]): Suppression[] {
  return [...new Map(suppressed(all).map(({ suppression: one }) => [suppressorOf(one), one])).values()];
}

function firingAlerts(matchers: Readonly<Record<string, string | readonly string[]>>): string {
  const written = Object.entries({ alertstate: "firing", ...matchers }).map(([label, value]) => {
    const values = [value].flat();
    return `${label}${values.length > 1 ? "=~" : "="}${JSON.stringify(values.join("|"))}`;
  });
  return `ALERTS{${written.join(",")}}`;
}
