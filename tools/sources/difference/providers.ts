import type { Plan, PlanResource, PlanValue } from "../../plan/plan";
import type { ProviderChanges } from "./difference";

/** Settings of default providers on either side, by package: `{ aws: { before: { region: "eu-central-1" }, ... } }`. */
export type ProviderDefaults = Readonly<
  Record<string, { readonly before: Inputs; readonly after: Inputs } | undefined>
>;
type Inputs = Readonly<Record<string, PlanValue>>;

/** Where a provider puts what it makes: the settings that make it another place, which makes another resource. */
const places: Readonly<Record<string, readonly string[]>> = {
  aws: ["region"],
  gcp: ["project"],
  kubernetes: ["cluster", "context", "kubeconfig"],
  docker: ["host"],
};

interface Sides {
  readonly before: Plan;
  readonly previous: PlanResource;
  readonly after: Plan;
  readonly resource: PlanResource;
  readonly defaults: ProviderDefaults;
}

/**
 * What differs between the places of a resource that changes its provider; undefined when it keeps it. The engine asks the
 * new provider what its settings mean against those of the old one.
 */
export function movedTo({ before, previous, after, resource, defaults }: Sides): ProviderChanges | undefined {
  const [from, to] = [providerOf(previous), providerOf(resource)];
  if (!resource.custom || from === to) return undefined;
  const name = resource.type.split(":")[0]!;
  const old = from === undefined ? defaults[name]?.before : inputsOf(before, from);
  const now = to === undefined ? defaults[name]?.after : inputsOf(after, to);
  if (!old || !now) return {};
  const changes = (places[name] ?? []).flatMap((path) => {
    const [left, right] = [old[path], now[path]];
    const same = left === undefined || right === undefined || JSON.stringify(left) === JSON.stringify(right);
    return same ? [] : [{ path, kind: "update" as const, before: left, after: right }];
  });
  return { [name]: changes };
}

function providerOf({ options: { provider } }: PlanResource): string | undefined {
  return provider?.split("::").slice(0, 4).join("::");
}

function inputsOf({ resources }: Plan, urn: string): Inputs | undefined {
  return resources.find((one) => one.urn === urn)?.inputs;
}
