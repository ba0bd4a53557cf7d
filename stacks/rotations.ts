import { declaredSecrets } from "./database-roles";
import type { Settings } from "./settings/settings";

/** How a secret of a stack gets another value: what `slipway rotate` goes by. It holds no value. */
export type Rotation =
  /** The application's own: two generations are accepted while it goes on. */
  | {
      readonly by: "generation";
      readonly bytes: number;
      readonly generation: number;
      readonly fallback?: number;
    }
  /** `pulumi up` generates it anew and gives it to both ends. */
  | {
      readonly by: "replacement";
      /** Type and name of what is generated, as they end its URN. */
      readonly resource: string;
      /** What it costs the visitors of the site. */
      readonly effect: string;
      /** Container with a PostgreSQL that has to take it. */
      readonly server?: string;
    }
  /** RDS keeps the password of this instance, and changes it. */
  | { readonly by: "rds"; readonly instance: string }
  /** The same of an Aurora cluster. */
  | { readonly by: "rds-cluster"; readonly cluster: string }
  /** CloudNativePG takes the password that is in this Secret. */
  | { readonly by: "cloudnative-pg"; readonly secret: string; readonly cluster: string }
  /** Somebody else makes its values. */
  | { readonly by: "hand"; readonly how: string };

/** By variable name. */
export type Rotations = Readonly<Record<string, Rotation>>;

/** Those under `slipway:secrets`. */
export function rotationsOf(settings: Pick<Settings, "secrets" | "database">): Rotations {
  return Object.fromEntries(
    Object.entries(declaredSecrets(settings)).map(([name, source]): [string, Rotation] => {
      if (typeof source === "string") {
        const set = `pulumi config set --secret --path slipway:secrets.${name}`;
        return [name, { by: "hand", how: `its value was given: ${set}, then pulumi up` }];
      }
      if ("reference" in source) {
        return [
          name,
          { by: "hand", how: `it is kept elsewhere: a new value there, then pulumi up (${source.reference})` },
        ];
      }
      const { generate: bytes, generation = 1, fallback } = source;
      return [name, { by: "generation", bytes, generation, ...(fallback !== undefined && { fallback }) }];
    }),
  );
}

export const replaced = (
  type: "RandomPassword" | "RandomBytes",
  name: string,
  effect: string,
  server?: string,
): Rotation => ({ by: "replacement", resource: `${type}::${name}`, effect, ...(server !== undefined && { server }) });
