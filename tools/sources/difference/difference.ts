import type { Diagnostic, Operation, Plan, PlanResource, PropertyChange, Unknown } from "../../plan/plan";
import { previousUrns } from "./aliases";
import { propertyChanges, type SameUnknown, type ValueChange } from "./properties";
import { movedTo, type ProviderDefaults } from "./providers";
import { forcesReplacement, isGlobal, isWithin, replacementPaths, withoutIndices } from "./replacements";

/**
 * Settings of a default provider that differ, by package: `{ aws: [{ path: "region", ... }] }`. Such a
 * provider is replaced, and with it all that it made.
 */
export type ProviderChanges = Readonly<Record<string, readonly ValueChange[]>>;

/**
 * What deploying `after` would do to a stack that stands as `before` describes it. Resources keep the
 * order of `after`; those that go come last.
 */
export function difference(
  before: Plan,
  after: Plan,
  providers: ProviderChanges = {},
  defaults: ProviderDefaults = {},
): Plan {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const pairs = pair(old, after);
  const renamed = new Map([...pairs].map(([urn, previous]) => [previous.urn, urn]));
  const replaced = new Set<string>();
  const sameUnknown: SameUnknown = (left, right) =>
    left.template === right.template &&
    left.$unknown.length === right.$unknown.length &&
    right.$unknown.every((name, i) => name === translate(left.$unknown[i]!, renamed) && !replaced.has(owner(name)));

  const own = new Map<string, ProviderChanges>();
  const resources = after.resources.map((resource) => {
    const provider = resource.options.provider?.split("::").slice(0, 4).join("::");
    const previous = pairs.get(resource.urn);
    const moved = previous && movedTo({ before, previous, after, resource, defaults });
    const follows = moved ?? (provider === undefined ? providers : (own.get(provider) ?? {}));
    const withOthers = (resource.options.replaceWith ?? []).filter((one) => replaced.has(one));
    const compared = compare(previous, resource, sameUnknown, follows, withOthers);
    if (compared.type.startsWith("pulumi:providers:")) own.set(compared.urn, ofProvider(compared));
    // Dependents come later in the plan: what they read of a replaced resource becomes a new value.
    if (compared.operation === "replace") replaced.add(resource.urn);
    return compared;
  });
  const gone = before.resources.filter(({ urn }) => !renamed.has(urn));
  const whole = [...resources, ...gone.map((resource) => ({ ...resource, operation: "delete" as const }))];
  return {
    ...after,
    source: "difference",
    resources: whole,
    diagnostics: [...news(before, after), ...uncertainUpdates(whole)],
  };
}

/** What the program said before already is no news of this change. */
function news(before: Plan, after: Plan): Diagnostic[] {
  const known = new Set(before.diagnostics.map(({ message }) => message));
  return after.diagnostics.filter(({ message }) => !known.has(message));
}

/** Resources that need the engine to tell an update from a replacement, because their type is not in the table. */
function uncertainUpdates(resources: readonly PlanResource[]): Diagnostic[] {
  return resources
    .filter(({ operation, custom, type }) => custom && operation === "update" && replacementPaths(type) === undefined)
    .map(({ urn, type }) => ({
      severity: "info",
      urn,
      message: `may replace: which properties of ${type} force a replacement is not known here`,
    }));
}

function pair(old: ReadonlyMap<string, PlanResource>, after: Plan): Map<string, PlanResource> {
  const aliases = previousUrns(after);
  const taken = new Set(after.resources.map(({ urn }) => urn).filter((urn) => old.has(urn)));
  const pairs = new Map<string, PlanResource>();
  for (const { urn } of after.resources) {
    const candidates = [urn, ...(aliases.get(urn) ?? []).filter((alias) => !taken.has(alias))];
    const previous = candidates.map((candidate) => old.get(candidate)).find((resource) => resource !== undefined);
    if (!previous) continue;
    taken.add(previous.urn);
    pairs.set(urn, previous);
  }
  return pairs;
}

function compare(
  before: PlanResource | undefined,
  after: PlanResource,
  sameUnknown: SameUnknown,
  providers: ProviderChanges,
  withOthers: readonly string[],
): PlanResource {
  if (!before) return { ...after, operation: "create" };
  const own = propertyChanges(before.inputs, after.inputs, sameUnknown)
    .filter(({ path }) => !after.options.ignoreChanges?.some((ignored) => isIgnored(path, ignored)))
    .map((change): PropertyChange => ({
      ...change,
      forcesReplacement: after.custom && forcesReplacement(after, change.path),
    }));
  const { replacementTrigger } = after.options;
  const trigger = propertyChanges(
    before.options.replacementTrigger,
    replacementTrigger,
    sameUnknown,
    "replacementTrigger",
  )
    // The first one is only remembered.
    .filter(({ kind }) => kind === "update");
  const forced = [
    ...trigger,
    ...withOthers.map((after): ValueChange => ({ path: "replaceWith", kind: "update", after })),
  ];
  const changes = [
    ...providerChanges(after, providers),
    ...forced.map((change): PropertyChange => ({ ...change, forcesReplacement: true })),
    ...own,
  ];
  return {
    ...after,
    operation: operationOf(changes),
    ...(JSON.stringify(before.options) !== JSON.stringify(after.options) && { previousOptions: before.options }),
    ...(changes.length > 0 && { changes }),
  };
}

/** What an explicit provider hands on to those that name it: what `providers.ts` calls its place. */
function ofProvider({ type, changes = [] }: PlanResource): ProviderChanges {
  return { [type.replace("pulumi:providers:", "")]: changes.filter(({ path }) => path === "region") };
}

/** A resource with a setting of its own does not follow the provider's. */
function providerChanges({ custom, type, inputs }: PlanResource, providers: ProviderChanges): PropertyChange[] {
  const changes = custom && !isGlobal(type) ? (providers[type.split(":")[0]!] ?? []) : [];
  return changes
    .filter(({ path }) => !(path in inputs))
    .map((change) => ({ ...change, path: `provider.${change.path}`, forcesReplacement: true }));
}

function operationOf(changes: readonly PropertyChange[]): Operation {
  if (changes.length === 0) return "same";
  return changes.some((change) => change.forcesReplacement) ? "replace" : "update";
}

function isIgnored(path: string, ignored: string): boolean {
  return isWithin(withoutIndices(path), withoutIndices(ignored));
}

/** `urn#property` under the name that the resource has now. */
function translate(name: string, renamed: ReadonlyMap<string, string>): string {
  const urn = owner(name);
  return (renamed.get(urn) ?? urn) + name.slice(urn.length);
}

function owner(name: Unknown["$unknown"][number]): string {
  const end = name.lastIndexOf("#");
  return end < 0 ? name : name.slice(0, end);
}
