import type { Signal } from "./signals";

/** Signals that go off together when one thing is wrong, and so notify together. */
export interface CompositeAlarm {
  /** Stable: it is part of the alarm's name. */
  readonly id: string;
  /** Of the alarm: what is wrong. */
  readonly alarm: string;
  readonly severity: Signal["severity"];
  /** What to do first. Each signal has a page of its own. */
  readonly runbook: string;
  /** Ids of the signals: any of them is enough. The page of the first is where to begin. */
  readonly signals: readonly [string, ...string[]];
  readonly suppressedBy?: Suppressor;
}

/** Another composite alarm, whose consequence this one is: nobody is notified of it while that lasts. */
export interface Suppressor {
  readonly id: string;
  /** The other one may go off so much later. */
  readonly waitSeconds: number;
  /** What follows from the other one may last so much longer. */
  readonly extensionSeconds: number;
}

/**
 * Groups of signals, the worst first. Only what users meet at the same moment is together: a disk that fills for days would
 * keep its group in alarm, and nobody would hear that the site is down. What is worse always notifies again.
 */
export const compositeAlarms: readonly CompositeAlarm[] = [
  {
    id: "requests-fail",
    alarm: "Requests fail, or too few replicas are left to answer",
    severity: "page",
    runbook: "If a release went out just now, roll it back first. The reason names the alarm that went off first.",
    signals: ["errors", "replicas"],
  },
  {
    id: "slow",
    alarm: "Slow responses",
    severity: "page",
    runbook: "Compare with database and CPU on the dashboard; slow dependencies show in /api/ready.",
    signals: ["latency"],
    suppressedBy: { id: "requests-fail", waitSeconds: 120, extensionSeconds: 300 },
  },
  {
    id: "budget",
    alarm: "Error budget burns",
    severity: "ticket",
    runbook: "Fewer errors than are a page, and for hours. Look which route they come from.",
    signals: ["error-budget"],
    // Its window of six hours remembers what was a page.
    suppressedBy: { id: "requests-fail", waitSeconds: 120, extensionSeconds: 21_600 },
  },
  {
    id: "edge",
    alarm: "Visitors meet errors, or do not reach the site",
    severity: "page",
    runbook:
      "If the load balancer is well, look at DNS, the certificate, the CDN's own status and its origin settings.",
    signals: ["site-down", "cdn-errors"],
    suppressedBy: { id: "requests-fail", waitSeconds: 120, extensionSeconds: 300 },
  },
];

/** A composite alarm that is made. On AWS all of its alarms are in its region: CloudWatch has none across regions. */
export interface Composed {
  readonly composite: CompositeAlarm;
  readonly region?: "us-east-1";
  readonly suppressor?: CompositeAlarm;
}

/** What is known of an alarm before it is made. `silent`: it has no action of its own, so a composite alarm must notify. */
export interface Planned {
  /** Id of the signal. */
  readonly signal: string;
  readonly region?: "us-east-1";
  readonly silent?: boolean;
}

/** The composite alarms that alarms make: where one alarm is alone and nothing suppresses it, it notifies by itself. */
export function composed(alarms: readonly Planned[]): Composed[] {
  return [undefined, "us-east-1" as const].flatMap((region) => {
    const here = alarms.filter((alarm) => alarm.region === region);
    const found = compositeAlarms.map((composite) => ({ composite, children: childrenOf(composite, here) }));
    const inAlarm = ({ id }: { id: string }) =>
      found.find(({ composite, children }) => composite.id === id && children.length > 0)?.composite;
    return found.flatMap(({ children, composite }) => {
      const suppressor = composite.suppressedBy && inAlarm(composite.suppressedBy);
      const needed =
        children.length > 1 ||
        children.some(({ silent }) => silent) ||
        (children.length === 1 && (suppressor !== undefined || suppresses(composite, found)));
      return needed ? [{ composite, ...(region && { region }), ...(suppressor && { suppressor }) }] : [];
    });
  });
}

const suppresses = (
  { id }: CompositeAlarm,
  all: readonly { readonly composite: CompositeAlarm; readonly children: readonly unknown[] }[],
): boolean => all.some(({ children, composite }) => composite.suppressedBy?.id === id && children.length > 0);

export const childrenOf = <Alarm extends { readonly signal: string }>(
  { signals }: CompositeAlarm,
  alarms: readonly Alarm[],
): Alarm[] => alarms.filter(({ signal }) => signals.includes(signal));
