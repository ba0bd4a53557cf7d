import type { Signal } from "../signals";
import type { Watch } from "./watches";

/** Grafana's names of the table's units: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
const units: Readonly<Record<Signal["unit"], string>> = {
  percent: "percent",
  milliseconds: "ms",
  seconds: "s",
  bytes: "bytes",
  count: "short",
  days: "d",
};

const width = 8;
const height = 7;
const columns = 3;

/** A panel for each watch, with its limit as a line: what is about to fire is seen before it does. */
export function dashboard(uid: string, title: string, watches: readonly Watch[]): object {
  return {
    uid,
    title,
    tags: ["slipway"],
    timezone: "utc",
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    schemaVersion: 39,
    templating: {
      list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }],
    },
    panels: watches.map((watch, index) => ({
      id: index + 1,
      type: "timeseries",
      title: `${watch.signal.title} (${watch.source})`,
      description: watch.signal.runbook,
      gridPos: { x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height },
      datasource: { type: "prometheus", uid: "${datasource}" },
      targets: [{ refId: "A", expr: watch.query, legendFormat: watch.source }],
      fieldConfig: { defaults: { unit: units[watch.signal.unit], ...threshold(watch) }, overrides: [] },
    })),
  };
}

function threshold({ comparison, limit }: Watch): object {
  const [low, high] = comparison === ">" ? ["green", "red"] : ["red", "green"];
  return {
    custom: { thresholdsStyle: { mode: "line" } },
    thresholds: {
      mode: "absolute",
      steps: [
        { value: null, color: low },
        { value: limit, color: high },
      ],
    },
  };
}
