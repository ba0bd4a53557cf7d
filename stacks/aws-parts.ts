import type { Environment } from "../components/container-service/environment";
import type { Statement } from "../components/iam/aws-policy-document";
import type { SignalSource } from "../components/monitoring/contract";

/** What the application is told of something it uses, what it may do with it, and what is watched of it. */
export interface Part {
  readonly environment: Environment;
  readonly permissions?: readonly Statement[];
  readonly signals?: readonly SignalSource[];
}

/** Something that somebody else runs, or that there is none of: its variables, as far as the settings name them. */
export function external(variables: Readonly<Record<string, string | undefined>>): Part {
  const named = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { environment: Object.fromEntries(named) };
}

export function together(...parts: readonly (Part | undefined)[]): Required<Part> {
  const there = parts.filter((part) => part !== undefined);
  return {
    environment: Object.assign({}, ...there.map(({ environment }) => environment)) as Environment,
    permissions: there.flatMap(({ permissions = [] }) => permissions),
    signals: there.flatMap(({ signals = [] }) => signals),
  };
}
