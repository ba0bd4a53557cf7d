import { accessList, exporterPasswords } from "../../../components/cache/kubernetes-valkey";
import type { Plan, PlanResource, PlanValue } from "../../plan/plan";

/** How a person makes a Secret whose values only Pulumi's state has: a shell command, one line an entry. */
export function howToCreate(plan: Plan, secret: PlanResource): string[] {
  const { name, namespace } = secret.inputs["metadata"] as Readonly<Record<string, string>>;
  const owner = plan.resources.find(({ urn }) => urn === secret.parent);
  const { before = [], entries } =
    owner?.type === "slipway:cache:KubernetesValkey" ? cachePasswords() : plainEntries(plan, secret);
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

interface Recipe {
  readonly before?: readonly string[];
  readonly entries: readonly string[];
}

/** A generated value is generated; a given one is taken from a shell variable of the same name. */
function plainEntries(plan: Plan, secret: PlanResource): Recipe {
  const { name } = secret.inputs["metadata"] as Readonly<Record<string, string>>;
  const keys = new Set(plan.resources.flatMap(({ inputs }) => [...keysUsed(inputs, name!)]));
  return {
    entries: [...keys].sort().map((key) => {
      const generated = plan.resources.find(
        (resource) =>
          resource.type === "random:index/randomBytes:RandomBytes" &&
          resource.parent === secret.parent &&
          resource.name.endsWith(`-${key}`),
      );
      const variable = key.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
      const value =
        generated === undefined ? `$${variable}` : `$(openssl rand -base64 ${generated.inputs["length"] as number})`;
      return `--from-literal=${key}="${value}"`;
    }),
  };
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
