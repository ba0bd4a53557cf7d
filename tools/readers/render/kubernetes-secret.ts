import { accessList, exporterPasswords } from "../../../components/cache/kubernetes-valkey";
import type { Plan, PlanResource, PlanValue } from "../../plan/plan";

/** How a person makes a Secret whose values only Pulumi's state has: a shell command, one line an entry. */
export function howToCreate(plan: Plan, secret: PlanResource): string[] {
  const { name, namespace } = secret.inputs["metadata"] as Readonly<Record<string, string>>;
  const { before, entries } = recipeOf(plan, secret);
  return [
    `Secret "${name}". Its values are not written here; create it once:`,
    "",
    ...before.map((line) => `  ${line}`),
    // What is there stays: its values are in use.
    `  kubectl -n ${namespace} get secret ${name} >/dev/null 2>&1 ||`,
    `  kubectl -n ${namespace} create secret generic ${name} \\`,
    ...entries.map((entry, index) => `    ${entry}${index < entries.length - 1 ? " \\" : ""}`),
  ];
}

/** What a shell makes the values of a Secret from. */
export interface Recipe {
  /** Lines that come first. */
  readonly before: readonly string[];
  /** Arguments of `kubectl create secret generic`. */
  readonly entries: readonly string[];
  /** Of a Secret whose values have nothing to do with each other. */
  readonly values?: readonly SecretValue[];
}

export interface SecretValue {
  readonly key: string;
  /** Shell variable that a given value is taken from. */
  readonly variable: string;
  /** How many random bytes a generated one has. */
  readonly bytes?: number;
}

export function recipeOf(plan: Plan, secret: PlanResource): Recipe {
  const owner = plan.resources.find(({ urn }) => urn === secret.parent);
  return owner?.type === "slipway:cache:KubernetesValkey" ? cachePasswords() : plainEntries(plan, secret);
}

/** A generated value is generated; a given one is taken from a shell variable of the same name. */
function plainEntries(plan: Plan, secret: PlanResource): Recipe {
  const { name } = secret.inputs["metadata"] as Readonly<Record<string, string>>;
  const keys = new Set(plan.resources.flatMap(({ inputs }) => [...keysUsed(inputs, name!)]));
  const values = [...keys].sort().map((key): SecretValue => {
    const generated = plan.resources.find(
      (resource) =>
        resource.type === "random:index/randomBytes:RandomBytes" &&
        resource.parent === secret.parent &&
        resource.name.endsWith(`-${key}`),
    );
    const variable = key.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
    return { key, variable, ...(generated === undefined ? {} : { bytes: generated.inputs["length"] as number }) };
  });
  return {
    before: [],
    entries: values.map(
      ({ key, variable, bytes }) =>
        `--from-literal=${key}="${bytes === undefined ? `$${variable}` : `$(openssl rand -base64 ${bytes})`}"`,
    ),
    values,
  };
}

/**
 * The object with other names of Secrets, where it refers to one: `{ name, key }`, `{ name, items }`, `{ secretName }`, and
 * Reloader's list of names.
 */
export function referring<Value extends PlanValue>(value: Value, names: ReadonlyMap<string, string>): Value {
  if (typeof value !== "object" || value === null || "$secret" in value || "$unknown" in value) return value;
  if (Array.isArray(value)) return (value as PlanValue[]).map((item) => referring(item, names)) as unknown as Value;
  const refers = "key" in value || "items" in value;
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, PlanValue>>).map(([key, item]): [string, PlanValue] => {
      if (typeof item !== "string") return [key, referring(item, names)];
      if (key === "secretName" || (key === "name" && refers)) return [key, names.get(item) ?? item];
      if (key !== "secret.reloader.stakater.com/reload") return [key, item];
      return [
        key,
        item
          .split(",")
          .map((name) => names.get(name) ?? name)
          .join(","),
      ];
    }),
  ) as unknown as Value;
}

/** The keys by which anything refers to the Secret: `{ name, key }`, or `{ name | secretName, items: [{ key }] }`. */
function* keysUsed(value: PlanValue, secret: string): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const { name, secretName, key, items } = value as Readonly<Record<string, PlanValue>>;
  if (name === secret || secretName === secret) {
    if (typeof key === "string") yield key;
    if (Array.isArray(items)) yield* items.map((item: { readonly key: string }) => item.key);
  }
  for (const child of Object.values(value) as PlanValue[]) yield* keysUsed(child, secret);
}

function cachePasswords(): Recipe {
  const users = accessList('$(hash "$APPLICATION")', '$(hash "$METRICS")').trimEnd().split("\n");
  return {
    before: [
      "APPLICATION=$(openssl rand -hex 20) METRICS=$(openssl rand -hex 20)",
      `hash() { printf %s "$1" | sha256sum | cut -d' ' -f1; }`,
    ],
    entries: [
      '--from-literal=password="$APPLICATION"',
      `--from-literal=users.acl="$(printf '%s\\n' ${users.map((user) => `"${user}"`).join(" ")})"`,
      `--from-literal=exporter.json='${exporterPasswords(`'"$METRICS"'`)}'`,
    ],
  };
}
