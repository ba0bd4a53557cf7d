import type { Resource } from "../../resource";
import { NotKnown, Unknown, Value } from "../../value";

export const container = "docker:index/container:Container";
export const service = "docker:index/service:Service";
export const containers = [container, service] as const;

const places: Readonly<Record<string, readonly string[]>> = {
  capabilities: ["taskSpec", "containerSpec", "capabilities"],
  envs: ["taskSpec", "containerSpec", "env"],
  healthcheck: ["taskSpec", "containerSpec", "healthcheck"],
  image: ["taskSpec", "containerSpec", "image"],
  mounts: ["taskSpec", "containerSpec", "mounts"],
  readOnly: ["taskSpec", "containerSpec", "readOnly"],
  user: ["taskSpec", "containerSpec", "user"],
};

/** A setting of a container, or of the containers that a swarm service starts, which keeps it elsewhere. */
export function setting(resource: Resource, name: string): Value {
  return resource.type === service ? resource.get(...(places[name] ?? [name])) : resource.get(name);
}

export interface Variable {
  readonly name: string;
  readonly value: Value;
}

/** The entries of `envs`, `NAME=value`; of a swarm service, those of a map. Each is read when asked for. */
export function variables(resource: Resource): (() => Variable)[] {
  const envs = setting(resource, "envs");
  if (resource.type === service) return envs.entries().map(([name, value]) => () => ({ name, value }));
  return envs.items().map((entry) => () => split(entry));
}

function split(entry: Value): Variable {
  if (entry.isSecret) return { name: "", value: entry };
  const text = entry.text();
  const equals = text?.head.indexOf("=") ?? 0;
  if (text === undefined) return { name: "", value: new Value(undefined, entry.path) };
  if (equals < 0 && entry.isUnknown) throw new NotKnown(entry.path, "unknown");
  return { name: text.head.slice(0, Math.max(equals, 0)), value: rest(entry, equals + 1) };
}

/** What follows a position within the known head of a string. */
function rest({ raw, path }: Value, position: number): Value {
  const after =
    raw instanceof Unknown ? new Unknown(raw.sources, raw.template?.slice(position)) : String(raw).slice(position);
  return new Value(after, path);
}
