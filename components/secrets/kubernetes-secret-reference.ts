/** A key of a Secret in the namespace. */
export interface ExistingPlace {
  readonly secret: string;
  readonly key: string;
}

/** Something in a ClusterSecretStore of External Secrets. */
export interface ExternalPlace {
  readonly store: string;
  readonly key: string;
  readonly property?: string;
}

export const expectedReference =
  "expected name/key of a Secret in the namespace, or store:path#property of a ClusterSecretStore";

/** Name of an object: RFC 1123 subdomain. */
const subdomain = "(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*";
const isName = (text: string) => new RegExp(`^${subdomain}$`).test(text);

/** Where a reference leads: `name/key`, or `store:path#property`. Undefined when it is neither. */
export function kubernetesSecretReference(reference: string): ExistingPlace | ExternalPlace | undefined {
  const external = /^([^:/#]+):([^#]+)(?:#(.+))?$/.exec(reference);
  if (external !== null) {
    const [, store, key, property] = external as unknown as [string, string, string, string | undefined];
    if (!isName(store)) return undefined;
    return property === undefined ? { store, key } : { store, key, property };
  }
  const existing = /^([^/]+)\/([A-Za-z0-9._-]{1,253})$/.exec(reference);
  if (existing === null || !isName(existing[1]!)) return undefined;
  return { secret: existing[1]!, key: existing[2]! };
}
