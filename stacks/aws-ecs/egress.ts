import type { Unconstrained } from "../settings/settings";

/** Ports of the protocols in which addresses are written, where these name none. */
const defaultPorts: Readonly<Record<string, number>> = {
  "postgres:": 5432,
  "postgresql:": 5432,
  "redis:": 6379,
  "rediss:": 6379,
  "http:": 80,
  "https:": 443,
  "smtp:": 587,
  "smtps:": 465,
};

type Addresses = Pick<Unconstrained, "database" | "cache" | "storage" | "service">;

/** Every address outside of the stack that a stack file names, by its setting. */
export function outsideAddresses({
  database,
  cache,
  storage,
  service,
}: Addresses): readonly (readonly [string, URL])[] {
  const written: readonly (readonly [string, string | undefined])[] = [
    ["database.url", database.implementation === "external" ? database.url : undefined],
    ["cache.url", cache.implementation === "external" ? cache.url : undefined],
    ["storage.endpoint", storage.implementation === "external" ? storage.endpoint : undefined],
    ...Object.entries(service.environment).map(([name, value]) => [`service.environment.${name}`, value] as const),
  ];
  return written.flatMap(([key, value]) => {
    const url =
      value !== undefined && /^[a-z][a-z+]*:\/\//.test(value) && URL.canParse(value) ? new URL(value) : undefined;
    return url === undefined || portOf(url) === undefined ? [] : [[key, url] as const];
  });
}

/** TCP ports that the application must reach: 443, those of every address in the stack file, and what it lists. */
export function outboundPorts(settings: Addresses & Pick<Unconstrained, "network">): number[] {
  const ports = outsideAddresses(settings).map(([, url]) => portOf(url)!);
  return [...new Set([443, ...ports, ...(settings.network.outboundPorts ?? [])])].sort((a, b) => a - b);
}

/** An address in a private network: reached inside of the VPC or over a peering, never through a NAT gateway. */
export function isPrivate({ hostname }: URL): boolean {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(hostname) ||
    /\.(internal|local)$/.test(hostname)
  );
}

function portOf({ port, protocol }: URL): number | undefined {
  return port === "" ? defaultPorts[protocol] : Number(port);
}
