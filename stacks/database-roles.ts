import * as pulumi from "@pulumi/pulumi";
import { fallbackOf, isSecretRef } from "../components/secrets/contract";
import type { Environment } from "../components/shared/environment";
import type { Settings } from "./settings/settings";

type Declared = Pick<Settings, "database" | "secrets">;

/** Password of the role that the application connects as: generated, kept and rotated like the application's own secrets. */
const serverPassword = "DATABASE_PASSWORD";

/** Under which the owner's password is rotated. */
export const ownersPassword = ({ database }: Pick<Settings, "database">): string =>
  database.separateRoles === true ? "DATABASE_MIGRATION_PASSWORD" : serverPassword;

/** Those of the stack file, and the password of the application's role. */
export const declaredSecrets = ({ database, secrets }: Declared): Settings["secrets"] =>
  database.separateRoles === true ? { [serverPassword]: { generate: 24 }, ...secrets } : secrets;

/**
 * Another password is another role, which the migration of its release makes: replicas of the previous release go on as theirs.
 */
function roleName(settings: Declared, owner: string): string {
  const declared = declaredSecrets(settings)[serverPassword];
  const generation = typeof declared === "object" && "generation" in declared ? (declared.generation ?? 1) : 1;
  return generation === 1 ? `${owner}_server` : `${owner}_server_${generation}`;
}

/** The platform's secrets that no migration needs. Others are the application's own, and its migrations may need them. */
const notForMigrations =
  /^(AUTH_SECRET|ENCRYPTION_KEY|EMAIL_API_KEY|REDIS_PASSWORD|SENTRY_DSN|STORAGE_\w+)(_FALLBACK)?$/;
/** What only a migration opens the database with. */
const forMigrations = /^DATABASE_MIGRATION_(PASSWORD|SECRET_ARN|URL)$/;

/** The variables of what serves and works, and those of what migrates before it. */
export interface Roles {
  readonly environment: Environment;
  readonly migrationEnvironment: Environment;
}

/**
 * Parts the application's variables: the server gets no secret by which the database's owner connects, where that is somebody
 * else, and the migration none of the secrets that sign, encrypt or send.
 */
export function databaseRoles(settings: Declared, all: Environment, database: Environment): Roles {
  const separate = settings.database.separateRoles === true && database["DATABASE_URL"] !== undefined;
  const { server, owner } = separate ? separated(settings, database) : { server: {}, owner: {} };
  const dropped = separate ? ["DATABASE_SECRET_ARN", "DATABASE_MIGRATION_URL", fallbackOf(serverPassword)] : [];
  const environment = without(
    { ...all, ...server },
    (name, secret) => !(dropped.includes(name) || (secret && forMigrations.test(name))),
  );
  const secrets = without(all, (name, secret) => secret && forMigrations.test(name));
  const migrationEnvironment = without(
    { ...environment, ...secrets, ...owner },
    (name, secret) => !(secret && notForMigrations.test(name)),
  );
  return { environment, migrationEnvironment };
}

function separated(settings: Declared, database: Environment): { server: Environment; owner: Environment } {
  const { DATABASE_MIGRATION_URL, DATABASE_PASSWORD, DATABASE_SECRET_ARN, DATABASE_URL } = database;
  const asServer = (url: Environment[string]) =>
    pulumi.output(url as pulumi.Input<string>).apply((text) => {
      // Several replicas have commas between them.
      const each = text.split(",").map((one) => {
        const [, scheme = "", user = "", rest = ""] = /^(\w+:\/\/)(?:([^@/]*)@)?(.*)$/.exec(one) ?? [];
        return `${scheme}${roleName(settings, user === "" ? "app" : user)}@${rest}`;
      });
      return each.join(",");
    });
  return {
    server: {
      ...Object.fromEntries(
        Object.entries(database)
          .filter(([name]) => /^DATABASE_(REPLICA_)?URLS?$/.test(name))
          .map(([name, url]) => [name, asServer(url)]),
      ),
    },
    owner: {
      DATABASE_MIGRATION_URL: DATABASE_MIGRATION_URL ?? DATABASE_URL!,
      ...(isSecretRef(DATABASE_SECRET_ARN) ? { DATABASE_MIGRATION_SECRET_ARN: DATABASE_SECRET_ARN } : {}),
      ...(isSecretRef(DATABASE_PASSWORD) ? { DATABASE_MIGRATION_PASSWORD: DATABASE_PASSWORD } : {}),
    },
  };
}

function without(environment: Environment, keeps: (name: string, secret: boolean) => boolean): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => keeps(name, isSecretRef(value))));
}
