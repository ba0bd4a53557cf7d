import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "./project";

/** What the platform says of itself: `npm run contract` in packages/next. */
export interface ApplicationContract {
  readonly variables: Readonly<Record<string, { secret?: true; required?: true; default?: string }>>;
  /** Labels with their values, where those are a fixed set. */
  readonly metrics: Readonly<
    Record<string, { type: string; labels: Readonly<Record<string, readonly string[] | null>> }>
  >;
  /** What an access control list has to allow. */
  readonly redis: { readonly keyPrefix: string; readonly commands: readonly string[] };
  readonly paths: Readonly<Record<"live" | "ready" | "metrics", string>>;
}

export const contract = JSON.parse(
  readFileSync(join(projectDir, "packages", "next", "contract.json"), "utf8"),
) as ApplicationContract;

/** Labels that Prometheus and the operator's relabelings add to whatever the application says. */
const added = ["job", "namespace", "instance", "pod", "rollouts_pod_template_hash"];

/** Metrics of other exporters, by their own prefixes. */
const elsewhere =
  /^(up|container_|kubelet_|kube_|cnpg_|barman_|redis_|certmanager_|pgbackrest_|node_|nginx_|probe_|rollout_|slipway_|ALERTS$)/;

/** PromQL's own words, which look like metrics. */
const words =
  /^(sum|max|min|avg|count|rate|increase|irate|by|on|without|ignoring|group_left|or|and|unless|time|vector|scalar|clamp_max|clamp_min|histogram_quantile|absent|abs|le|pool|instance|bool|offset|inf|nan|job|max_over_time|args|new|old)$/;

/** What a query asks of the application that it does not say. Empty when they fit. */
export function misfits(query: string): string[] {
  const selectors = [...query.matchAll(/([a-zA-Z_:][\w:]*)\s*\{([^}]*(?:\}\}[^}]*)*)\}/g)];
  const asked = selectors.flatMap(([, name = "", matchers = ""]) => {
    if (elsewhere.test(name)) return [];
    const metric = metricOf(name);
    if (metric === undefined) return [`no metric ${name}`];
    return [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(
      ([, label = "", operator, value = ""]) => {
        if (added.includes(label)) return [];
        const values = metric.labels[label];
        if (values === undefined) return [`${name} has no label ${label}`];
        if (values === null || operator === "!=" || operator === "!~") return [];
        const fits =
          operator === "=" ? values.includes(value) : values.some((one) => new RegExp(`^(?:${value})$`).test(one));
        return fits ? [] : [`${name} never has ${label}="${value}"`];
      },
    );
  });
  const bare = query
    .replaceAll(/\{[^}]*(?:\}\}[^}]*)*\}/g, "{}")
    .replaceAll(/"[^"]*"|\[[^\]]*\]|(by|on|without|ignoring|group_left) ?\([^)]*\)/g, "");
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)].map(([name]) => name);
  const unknown = names.filter(
    (name) => !words.test(name) && !elsewhere.test(name) && metricOf(name) === undefined && !/^e\d+$/.test(name),
  );
  return [...new Set([...asked, ...unknown.map((name) => `no metric ${name}`)])];
}

function metricOf(name: string): ApplicationContract["metrics"][string] | undefined {
  const histogram = contract.metrics[name.replace(/_(bucket|sum|count)$/, "")];
  if (histogram?.type === "histogram") {
    return { ...histogram, labels: { ...histogram.labels, ...(name.endsWith("_bucket") ? { le: null } : {}) } };
  }
  return contract.metrics[name];
}
