import { isIPv6 } from "node:net";
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
  "mongodb+srv:": 27017,
  "mysql:": 3306,
  "mariadb:": 3306,
  "sqlserver:": 1433,
  "nats:": 4222,
  "kafka:": 9092,
  "mqtt:": 1883,
  "mqtts:": 8883,
  "ldap:": 389,
  "ldaps:": 636,
  "ws:": 80,
  "wss:": 443,
  "statsd:": 8125,
  "syslog:": 514,
};

/** Addresses of these are of UDP. */
const udpSchemes = ["udp:", "statsd:", "syslog:"];

/** Whom the application has to reach, by every address in the settings. */
export interface Reach {
  /** TCP ports in the world. */
  readonly ports: readonly number[];
  /** UDP ports in the world. */
  readonly udpPorts: readonly number[];
  /** In the cluster, and by name in the settings. */
  readonly outbound: readonly Outbound[];
}

export function reachOf({ kubernetes, database, cache, storage, service, network }: KubernetesSettings): Reach {
  const addresses = [
    ...(database.implementation === "external" ? [database.url] : []),
    ...(cache.implementation === "external" ? [cache.url] : []),
    ...(storage.endpoint === undefined ? [] : [storage.endpoint]),
    ...Object.values(service.environment),
    ...inTwoVariables(service.environment),
  ];
  const places = addresses.flatMap((address) => placesOf(address, kubernetes.namespace));
  const rds = database.implementation === "rds" ? [5432] : [];
  const portsOf = (udp: boolean) => places.flatMap((place) => ((place.udp ?? false) === udp ? (place.port ?? []) : []));
  return {
    ports: [...new Set([443, ...rds, ...portsOf(false)])],
    udpPorts: [...new Set(portsOf(true))],
    outbound: [...namespacesOf(places), ...(network.outbound ?? [])],
  };
}

/** `SMTP_HOST` and `SMTP_PORT`, `PGHOST` and `PGPORT`: one address in two variables. */
function inTwoVariables(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).flatMap(([name, text]) => {
    const prefix = /^(.+?)(?:HOST|HOSTNAME|SERVER|ADDRESS|ADDR)$/i.exec(name)?.[1];
    const port = prefix === undefined ? undefined : environment[`${prefix}PORT`];
    if (port === undefined || !/^\d{1,5}$/.test(port)) return [];
    return text.split(",").map((each) => {
      const host = each.trim();
      return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
    });
  });
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
  /** Whether the port is of UDP. Default: of TCP. */
  readonly udp?: boolean;
}

/** Where an address leads: a URL, or `host:port`. Undefined when the text is no address. */
export function placeOf(text: string, ownNamespace: string): Place | undefined {
  return placesOf(text, ownNamespace)[0];
}

/**
 * Where the addresses in a text lead: `host:port`, a URL, several of either after commas, several hosts in one URL, a URL of
 * JDBC, or PostgreSQL's keywords. None when the text is no address.
 */
export function placesOf(text: string, ownNamespace: string): Place[] {
  const keywords = /(?:^|\s)host=(\S+)/.exec(text);
  if (keywords !== null) {
    const port = /(?:^|\s)port=(\d+)/.exec(text)?.[1] ?? "5432";
    return keywords[1]!.split(",").flatMap((host) => placeAt(host, Number(port), ownNamespace));
  }
  const url = /^(?:jdbc:|r2dbc:)?([a-z][a-z0-9+.-]*:)\/\/(?:[^/?#]*@)?([^/?#;]+)/i.exec(text);
  if (url !== null) {
    const [, scheme, hosts] = url as unknown as [string, string, string];
    // After a comma there may be another host, or another URL.
    return [
      ...hosts.split(",").flatMap((host) => hostAndPort(host, scheme, ownNamespace)),
      ...text
        .split(/,(?=[a-z][a-z0-9+.-]*:\/\/)/i)
        .slice(1)
        .flatMap((next) => placesOf(next, ownNamespace)),
    ];
  }
  const bare = text.split(",").map((each) => /^\s*([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\]):(\d{2,5})\s*$/i.exec(each));
  if (!bare.every((each) => each !== null)) return [];
  return bare.flatMap(([, host, port]) => placeAt(host!, Number(port), ownNamespace));
}

function hostAndPort(text: string, scheme: string, ownNamespace: string): Place[] {
  const [, address, name, port] = /^(?:(\[[^\]]+\])|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = address ?? name;
  if (host === undefined) return [];
  const places = placeAt(host, Number(port ?? defaultPorts[scheme.toLowerCase()]), ownNamespace);
  return udpSchemes.includes(scheme.toLowerCase()) ? places.map((place) => ({ ...place, udp: true })) : places;
}

function placeAt(host: string, port: number, ownNamespace: string): Place[] {
  if (host === "localhost" || /^\d+$/.test(host) || !(port >= 1 && port <= 65535)) return [];
  const labels = host.replace(/\.$/, "").split(".");
  if (/^[\d.]+$|:/.test(host)) return [{ port }];
  if (labels.length === 1) return [{ namespace: ownNamespace }];
  // `name.namespace.svc`, and of a pod behind a headless Service `pod.name.namespace.svc`.
  const svc = labels.indexOf("svc", 2);
  if (svc === 2 || svc === 3) return [{ namespace: labels[svc - 1] }];
  // `otel.monitoring` is one of the cluster, `example.com` one of the world: nothing but a resolver tells them apart.
  return labels.length === 2 ? [{ namespace: labels[1], port }] : [{ port }];
}
