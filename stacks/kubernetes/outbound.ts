import type { Outbound } from "../../components/shared/kubernetes-peers";
import type { KubernetesSettings } from "../settings/settings";

/** Ports of addresses that state none. */
const defaultPorts: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "postgres:": 5432,
  "postgresql:": 5432,
  "redis:": 6379,
  "rediss:": 6379,
  "smtp:": 587,
  "smtps:": 465,
  "amqp:": 5672,
  "amqps:": 5671,
  "mongodb:": 27017,
  "mysql:": 3306,
};

/** Whom the application has to reach, by every address in the settings. */
export interface Reach {
  /** TCP ports in the world. */
  readonly ports: readonly number[];
  /** In the cluster, and by name in the settings. */
  readonly outbound: readonly Outbound[];
}

export function reachOf({ kubernetes, database, cache, storage, service, network }: KubernetesSettings): Reach {
  const addresses = [
    ...(database.implementation === "external" ? [database.url] : []),
    ...(cache.implementation === "external" ? [cache.url] : []),
    ...(storage.endpoint === undefined ? [] : [storage.endpoint]),
    ...Object.values(service.environment),
  ];
  const places = addresses.flatMap((address) => placeOf(address, kubernetes.namespace) ?? []);
  const rds = database.implementation === "rds" ? [5432] : [];
  return {
    ports: [...new Set([443, ...rds, ...places.flatMap(({ port }) => port ?? [])])],
    outbound: [...namespacesOf(places), ...(network.outbound ?? [])],
  };
}

/** Namespaces of the cluster among places, each once. */
export function namespacesOf(places: readonly Place[]): Outbound[] {
  return [...new Set(places.flatMap(({ namespace }) => namespace ?? []))].map((namespace) => ({ namespace }));
}

export interface Place {
  /** Where the name may be one of the cluster. All of its ports: a Service's port is not its pods'. */
  readonly namespace?: string;
  /** Where the name may be one of the world. */
  readonly port?: number;
}

/** Where an address leads: a URL, or `host:port`. Undefined when the text is no address. */
export function placeOf(text: string, ownNamespace: string): Place | undefined {
  const bare = /^([a-z0-9][a-z0-9.-]*):(\d{2,5})$/i.exec(text);
  const url = bare === null ? URL.parse(text) : undefined;
  const host = bare?.[1] ?? url?.hostname;
  const port = Number(bare?.[2] ?? (url?.port || defaultPorts[url?.protocol ?? ""]));
  if (host === undefined || host === "" || host === "localhost" || !(port >= 1 && port <= 65535)) return undefined;
  const labels = host.replace(/\.$/, "").split(".");
  if (/^[\d.]+$|:/.test(host)) return { port };
  if (labels.length === 1) return { namespace: ownNamespace };
  if (labels[2] === "svc") return { namespace: labels[1] };
  // `otel.monitoring` is one of the cluster, `example.com` one of the world: nothing but a resolver tells them apart.
  return labels.length === 2 ? { namespace: labels[1], port } : { port };
}
