import { isSecret, isUnknown, type PlanValue, type PropertyChange, type Unknown } from "../../plan/plan";

export type ValueChange = Omit<PropertyChange, "forcesReplacement">;

/** Says whether a value that nobody knows yet is still the same value. */
export type SameUnknown = (before: Unknown, after: Unknown) => boolean;

type Visit = (path: string, before: PlanValue | undefined, after: PlanValue | undefined) => void;

/**
 * Every place where two values differ, as deep as the difference goes. JSON inside a string (container
 * definitions, policies, dashboards) is compared as what it means, so that its formatting never shows.
 */
export function propertyChanges(
  before: PlanValue | undefined,
  after: PlanValue | undefined,
  sameUnknown: SameUnknown,
  root = "",
): ValueChange[] {
  const changes: ValueChange[] = [];
  const visit: Visit = (path, left, right) => {
    if (left === undefined && right === undefined) return;
    if (left === undefined) changes.push({ path, kind: "add", after: right });
    else if (right === undefined) changes.push({ path, kind: "delete", before: left });
    else if (!compareInside(path, left, right, sameUnknown, visit)) {
      changes.push({ path, kind: "update", before: left, after: right });
    }
  };
  visit(root, before, after);
  return changes;
}

/** True when the two are the same, or when `visit` has been shown where they differ. */
function compareInside(path: string, before: PlanValue, after: PlanValue, sameUnknown: SameUnknown, visit: Visit) {
  if (Object.is(before, after)) return true;
  if (isSecret(before) && isSecret(after)) return before.$secret === after.$secret;
  if (isSecret(before) || isSecret(after)) return false;
  if (isList(before) && isList(after)) return compareLists(path, before, after, sameUnknown, visit);
  if (isMap(before) && isMap(after)) return compareMaps(path, before, after, visit);
  const [left, right] = [documentIn(before), documentIn(after)];
  if (left !== undefined && right !== undefined) visit(path, left, right);
  else return isUnknown(before) && isUnknown(after) && sameUnknown(before, after);
  return true;
}

function compareMaps(path: string, before: Map_, after: Map_, visit: Visit): true {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    visit(join(path, key), before[key], after[key]);
  }
  return true;
}

/** Items that carry a name are compared by it, others by what they hold; only then does the place count. */
function compareLists(path: string, before: List, after: List, sameUnknown: SameUnknown, visit: Visit): true {
  const naming = namings.find((name) => [before, after].every((items) => tellsApart(name, items)));
  if (naming !== undefined) {
    const left = new Map(before.map((item, index) => [naming(item), { item, index }]));
    const right = new Map(after.map((item, index) => [naming(item), { item, index }]));
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const [old, now] = [left.get(name), right.get(name)];
      visit(`${path}[${place(name!, (now?.index ?? old?.index)!)}]`, old?.item, now?.item);
    }
    return true;
  }
  const equal = (left: PlanValue, right: PlanValue) =>
    remembered(left, right, sameUnknown, () => propertyChanges(left, right, sameUnknown).length === 0);
  const { start, end } = commonEnds(before, after, equal);
  const [oldPart, newPart] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  for (let i = 0; i < Math.max(oldPart.length, newPart.length); i++) {
    visit(`${path}[${start + i}]`, oldPart[i], newPart[i]);
  }
  return true;
}

type Answers = WeakMap<object, WeakMap<object, boolean>>;
const answers = new WeakMap<SameUnknown, Answers>();

/** Asked twice at each level, the answer would be looked for in exponential time. */
function remembered(left: PlanValue, right: PlanValue, sameUnknown: SameUnknown, ask: () => boolean): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) return ask();
  const all: Answers = answers.get(sameUnknown) ?? new WeakMap<object, WeakMap<object, boolean>>();
  const known = all.get(left) ?? new WeakMap<object, boolean>();
  answers.set(sameUnknown, all.set(left, known));
  const answer = known.get(right) ?? ask();
  known.set(right, answer);
  return answer;
}

/** How many items at either end are the same in both. */
function commonEnds(before: List, after: List, equal: (left: PlanValue, right: PlanValue) => boolean) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && equal(before[start]!, after[start]!)) start++;
  let end = 0;
  while (end < shorter - start && equal(before[before.length - 1 - end]!, after[after.length - 1 - end]!)) end++;
  return { start, end };
}

type Naming = (item: PlanValue) => string | undefined;

/** What tells the items of a list apart, and a person knows them by: variables, containers, rules, widgets. */
const namings: readonly Naming[] = [
  ...["name", "key", "id", "Sid", "sid", "containerPort", "domainName", "originId", "pathPattern"].map(
    (key): Naming =>
      (item) =>
        scalar(isMap(item) ? item[key] : undefined),
  ),
  // Alerts and recording rules of Prometheus, widgets of a dashboard, environments of Docker.
  (item) => (isMap(item) ? scalar(item["alert"] ?? item["record"]) : undefined),
  (item) => {
    const properties = isMap(item) ? item["properties"] : undefined;
    return properties !== undefined && isMap(properties) ? scalar(properties["title"]) : undefined;
  },
  (item) => {
    const text = isUnknown(item) ? item.template : item;
    return typeof text === "string" ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(text)?.[1] : undefined;
  },
];

function scalar(value: PlanValue | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function tellsApart(name: Naming, items: List): boolean {
  const names = items.map(name);
  return names.every((one) => one !== undefined) && new Set(names).size === items.length;
}

/** The name, unless a path could not be read with it. */
function place(name: string, index: number): string {
  return /^[A-Za-z_][\w ./:@%-]{0,79}$/.test(name) ? name : String(index);
}

/** The list or map that a string spells in JSON, also when parts of the string are unknown. */
function documentIn(value: PlanValue): PlanValue | undefined {
  if (isUnknown(value)) {
    const document = value.template === undefined ? undefined : documentIn(value.template);
    return document === undefined ? undefined : fillHoles(document, value.$unknown);
  }
  if (typeof value !== "string" || !/^\s*[[{]\s*["[{\]}\d]/.test(value)) return undefined;
  try {
    const document = JSON.parse(value) as PlanValue;
    return typeof document === "object" && document !== null && isShallow(value) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Deeper, nobody wrote it by hand, and a walk level by level runs out of stack. */
const deepest = 200;

function isShallow(json: string): boolean {
  let depth = 0;
  for (const sign of json) {
    if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    if (depth > deepest) return false;
  }
  return true;
}

/** Every string with a hole in it becomes an unknown of its own. */
function fillHoles(value: PlanValue, sources: readonly string[]): PlanValue {
  if (isList(value)) return value.map((item) => fillHoles(item, sources));
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillHoles(item, sources)]));
  }
  if (typeof value !== "string") return value;
  const used: string[] = [];
  const template = value.replace(/\{(\d+)\}/g, (hole, index: string) => {
    const source = sources[Number(index)];
    return source === undefined ? hole : `{${used.push(source) - 1}}`;
  });
  if (used.length === 0) return value;
  return template === "{0}" ? { $unknown: used } : { $unknown: used, template };
}

type List = readonly PlanValue[];
type Map_ = { readonly [key: string]: PlanValue };

function isList(value: PlanValue): value is List {
  return Array.isArray(value);
}

function isMap(value: PlanValue): value is Map_ {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value) && !isUnknown(value);
}

function join(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
