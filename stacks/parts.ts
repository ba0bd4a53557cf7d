import type { Output } from "@pulumi/pulumi";
import type { Environment } from "../components/shared/environment";
import { ExternalPostgres } from "../components/database/external-postgres";
import type { Statement } from "../components/shared/aws-policy-document";
import type { SignalSource } from "../components/monitoring/contract";
import type { SecretStore } from "../components/secrets/contract";
import type { Settings } from "./settings/settings";

/** Variables of something that the application uses, what it may do with it, and what is watched of it. */
export interface Part {
  readonly environment: Environment;
  readonly permissions?: readonly Statement[];
  readonly signals?: readonly SignalSource[];
  /** Command that restores a copy of its data, or where it is described. */
  readonly restore?: Output<string>;
  /** Of a database on RDS, its name there. */
  readonly identifier?: Output<string>;
  /** Of a database on Aurora, its cluster's. */
  readonly clusterIdentifier?: Output<string>;
}

/** What implementation `none` stands for. */
const nothing: Part = { environment: {} };

/** A PostgreSQL that somebody else runs, or none at all. The password is one of the application's own secrets. */
export function existingDatabase(name: string, { database }: Pick<Settings, "database">, { refs }: SecretStore): Part {
  if (database.implementation !== "external") return nothing;
  return new ExternalPostgres(name, {
    url: database.url,
    password: given(refs["DATABASE_PASSWORD"], "secrets.DATABASE_PASSWORD"),
  });
}

/** What the constraints between settings make sure of and no type can say. */
export function given<Value>(value: Value | undefined, setting: string): Value {
  if (value === undefined)
    throw new Error(`slipway:${setting} is missing, and no constraint has said so: a defect of Slipway`);
  return value;
}

/** A cache that somebody else runs, or none at all. REDIS_PASSWORD is one of the application's own secrets. */
export function existingCache({ cache }: Settings): Part {
  return cache.implementation === "external" ? variables({ REDIS_URL: cache.url }) : nothing;
}

/** A bucket that exists, or none at all. Where no role opens it, its keys are among the application's own secrets. */
export function existingStorage({ storage }: Settings, region = storage.region): Part {
  if (storage.implementation !== "external") return nothing;
  return variables({ STORAGE_BUCKET: storage.bucket, STORAGE_ENDPOINT: storage.endpoint, STORAGE_REGION: region });
}

function variables(given: Readonly<Record<string, string | undefined>>): Part {
  const named = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { environment: Object.fromEntries(named) };
}

export function merge(
  ...parts: readonly (Part | undefined)[]
): Required<Omit<Part, "restore" | "identifier" | "clusterIdentifier">> {
  const there = parts.filter((part) => part !== undefined);
  return {
    environment: Object.assign({}, ...there.map(({ environment }) => environment)) as Environment,
    permissions: there.flatMap(({ permissions = [] }) => permissions),
    signals: there.flatMap(({ signals = [] }) => signals),
  };
}
