import { canonical } from "../../../components/shared/canonical";
import type { PolicyReport } from "../../../policy/index";
import { fingerprint } from "../../plan/fingerprint";
import type { Plan, PlanResource, PlanValue } from "../../plan/plan";

/** Lists whose items have a name that says which is which, wherever it stands and whatever else of it changes. */
const named = /^((init|ephemeral)?containers|containerDefinitions|env(ironment)?|volumes)$/i;

/**
 * The report, where each failure inside of a list says of which item it is: by what the item holds, not by its place. The
 * same item elsewhere is the same failure, and another item in its place is another one.
 */
export function withItems(report: PolicyReport, { resources }: Plan): PolicyReport {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const verdicts = report.verdicts.map((verdict) => {
    const resource = byUrn.get(verdict.resource);
    const item = verdict.outcome === "fail" && resource ? itemOf(resource, verdict.property ?? "") : undefined;
    return item === undefined ? verdict : { ...verdict, item };
  });
  return { ...report, verdicts };
}

/** Undefined of what lies in no list of objects. */
function itemOf({ inputs }: PlanResource, property: string): string | undefined {
  const steps = [...property.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name!) : Number(index),
  );
  const path: string[] = [];
  let at: PlanValue | undefined = inputs;
  let within = false;
  for (const [depth, step] of steps.entries()) {
    at = parsed(at);
    if (typeof at !== "object" || at === null) {
      // What is missing of a thing with a name.
      if (!within) return undefined;
      path.push(String(step));
      continue;
    }
    const next: PlanValue | undefined = (at as Readonly<Record<string | number, PlanValue>>)[step];
    if (typeof step === "string") path.push(step);
    else if (next === undefined) return undefined;
    else if (isObject(next)) {
      within = true;
      const name = named.test(path.at(-1) ?? "") ? next["name"] : undefined;
      if (typeof name !== "string") return fingerprint([...path, canonical(narrowed(next, steps.slice(depth + 1)))]);
      path.push(name);
    } else path.push(JSON.stringify(next));
    at = next;
  }
  if (!within) return undefined;
  // Of a thing with a name a value may change and be as wrong as before: a tag, a password. What it consists of may not.
  return fingerprint([...path, isObject(at) ? canonical(at) : null]);
}

/** Of a list on the way to what was judged, that one item: the others are judged by themselves. */
function narrowed(value: PlanValue, steps: readonly (string | number)[]): PlanValue {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const items = value as readonly PlanValue[];
    const item = items[Number(step)];
    return item === undefined ? items : [narrowed(item, rest)];
  }
  if (!isObject(value)) return value;
  const item = value[step];
  return item === undefined ? value : { ...value, [step]: narrowed(item, rest) };
}

/** Policy documents and container definitions are JSON in a text. */
function parsed(value: PlanValue | undefined): PlanValue | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as PlanValue;
  } catch {
    return undefined;
  }
}

function isObject(value: PlanValue | undefined): value is { readonly [key: string]: PlanValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
