/** Suites with a controller of their own in them, by the file. */
export const suites = {
  releases: "Releases on Kubernetes, by the real controllers",
  strategies: "Strategies of an autoscaled stack on Kubernetes, by Pulumi's engine",
  scaling: "Replicas on Kubernetes, by the real autoscaler",
  keda: "Replicas on Kubernetes, by KEDA's own controller",
  drains: "Maintenance of nodes under a Kubernetes stack",
} as const;

const columns = {
  "blue-green": "blue-green behind an ingress",
  "canary by pods": "canary behind an ingress",
  "canary by gateway": "canary behind a gateway",
  rolling: "rolling behind an ingress",
} as const;

type Column = keyof typeof columns;

interface Act {
  /** Titles of tests that are there once for each of these columns. */
  readonly each?: readonly string[];
  readonly in: readonly Column[];
  /** Title of one test that goes through all of them. */
  readonly once?: string;
}

const judged: readonly Column[] = ["blue-green", "canary by pods", "canary by gateway"];

/** What is driven to its end with which strategy, by the titles of the tests that do it. */
const acts: Readonly<Record<string, Act>> = {
  "first deployment; a second one changes nothing": {
    each: ["is there after the first deployment, with all its replicas", "changes nothing when it is deployed again"],
    in: [...judged, "rolling"],
  },
  "a good release: the command ends with all traffic on it": {
    each: ["ends a release only when all traffic is on it, by the measurements"],
    in: judged,
  },
  "a good release: the command ends with all replicas replaced, none fewer at any time": {
    each: ["ends a release only when every replica is of it, and has lost none"],
    in: ["rolling"],
  },
  "errors, no requests, no series, no Prometheus: returned, command fails": {
    each: [
      "returns a release with errors, and fails the deployment",
      "fails again when the failed release is deployed again, and recovers with the one before it",
      "returns a release that nobody asked anything",
      "returns a release that Prometheus has no series of, and one that it does not answer for",
    ],
    in: judged,
  },
  "interrupted half-way, then another release": {
    each: ["replaces a release that is still under way"],
    in: judged,
  },
  "another variable, same image": {
    each: ["is a release too when only a variable changes"],
    in: [...judged, "rolling"],
  },
  "fixed number of replicas to autoscaling and back: none lost": {
    once: "hands a fixed number of replicas to an autoscaler and back without losing one",
    in: ["blue-green", "rolling"],
  },
  "strategies there and back, six changes: no replica lost": {
    once: "changes the strategy there and back without losing a replica",
    in: ["blue-green", "canary by pods", "rolling"],
  },
  "after `kubectl rollout undo`": { once: "takes back what kubectl rollout undo left behind", in: ["rolling"] },
};

/** Full titles of the tests that the table of docs/kubernetes.md speaks of. */
export function actTitles(): string[] {
  return Object.values(acts).flatMap(({ each = [], in: of, once }) => [
    ...of.flatMap((column) => each.map((title) => `${suites.releases} ${columns[column]} ${title}`)),
    ...(once === undefined ? [] : [`${suites.releases} ${once}`]),
  ]);
}

/** The table of docs/kubernetes.md#what-is-tested-how. */
export function actTable(): string {
  const names = Object.keys(columns) as Column[];
  return [
    `| act | ${names.join(" | ")} |`,
    `| --- | ${names.map(() => "---").join(" | ")} |`,
    ...Object.entries(acts).map(
      ([act, { in: of }]) => `| ${act} | ${names.map((name) => (of.includes(name) ? "run" : "")).join(" | ")} |`,
    ),
  ].join("\n");
}
