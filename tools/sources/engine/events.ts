import type { Failure } from "../../plan/failure";
import type { Verdict } from "../../../policy/verdict";
import type { Diagnostic, Operation, Plan, PlanResource, PlanValue, PropertyChange } from "../../plan/plan";
import { propertyChanges } from "../difference/properties";
import { isWithin, withoutIndices } from "../difference/replacements";
import { parseUrn } from "../../plan/urn";
import { UsageError } from "../../plan/usage-error";

/** What the engine said in one run of `pulumi preview`. */
export interface EngineRun {
  readonly plan: Plan;
  /** What stands today, as far as the run went: what the stack's state says of it. */
  readonly before: Plan;
  /** Present when the run did not come to a good end; the plan is then what was seen until there. */
  readonly failure?: Failure;
  /** What policy packs of the engine found. */
  readonly violations: readonly Verdict[];
  /** The stack's configuration, with namespaces. Secrets are `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
}

/** A file that holds something else than the engine's events. */
export class NotEvents extends UsageError {}

/**
 * Reads the engine's event stream, one JSON object a line, as
 * `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json` prints it. A stream that was cut off
 * anywhere gives what it holds.
 */
export function readEvents(stream: string): EngineRun {
  const events = parse(stream);
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []));
  const said = events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
  const resources = toResources(steps);
  const first = resources[0]?.urn ?? "";
  const plan: Plan = {
    version: 1,
    project: parseUrn(first).prefix.split("::")[1] ?? "",
    stack: parseUrn(first).prefix.split("::")[0]?.replace("urn:pulumi:", "") ?? "",
    source: "engine",
    resources,
    outputs: decodeMap(stackOutputs(events)),
    diagnostics: said.filter(isOfProgram).map(toDiagnostic),
  };
  const violations = events.flatMap(({ policyEvent }) => (policyEvent ? [toVerdict(policyEvent)] : []));
  const before: Plan = { ...plan, resources: standing(steps), outputs: {}, diagnostics: [] };
  const config = Object.assign({}, ...events.map(({ preludeEvent }) => preludeEvent?.config ?? {})) as Record<
    string,
    string
  >;
  return { plan, before, failure: findFailure(events, said, violations), violations, config };
}

interface EngineEvent {
  readonly preludeEvent?: { readonly config?: Readonly<Record<string, string>> };
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: Said;
  readonly policyEvent?: PolicyEvent;
  readonly stdoutEvent?: { readonly message: string };
  readonly summaryEvent?: { readonly result?: string };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: State | null;
  readonly new: State | null;
  /** Properties that require the replacement. */
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>> | null;
}

interface State {
  readonly id?: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Said {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
}

interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
}

function parse(stream: string): EngineEvent[] {
  if (/^\s*\[/.test(stream)) return listIn(stream);
  const lines = stream.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line, index) => {
    const event = parsed(line);
    if (isEvent(event)) return [event];
    // A run that was killed ends in the middle of a line.
    if (index > 0 && index === lines.length - 1) return [];
    throw new NotEvents(
      `Line ${index + 1} is no engine event. Record them with: PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json`,
    );
  });
}

/** As a program writes them that was handed them one by one. */
function listIn(stream: string): EngineEvent[] {
  const events = parsed(stream);
  if (!Array.isArray(events)) throw new NotEvents("The list of events is cut off, or is no JSON.");
  if (events.every(isEvent)) return events;
  throw new NotEvents(`Number ${events.findIndex((event) => !isEvent(event)) + 1} of the list is no engine event.`);
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is read of an event must have the shape of one; all else in it is nobody's business. */
function isEvent(event: unknown): event is EngineEvent {
  return (
    isObject(event) && Object.entries(parts).every(([name, fits]) => event[name] === undefined || fits(event[name]))
  );
}

const says = (part: unknown) => isObject(part) && typeof part["message"] === "string";

const parts: Readonly<Record<keyof EngineEvent, (part: unknown) => boolean>> = {
  resourcePreEvent: (part) => isObject(part) && isStep(part["metadata"]),
  resOutputsEvent: (part) => isObject(part) && isStep(part["metadata"]),
  diagnosticEvent: says,
  policyEvent: (part) => says(part) && isObject(part) && typeof part["policyName"] === "string",
  stdoutEvent: says,
  summaryEvent: isObject,
  preludeEvent: (part) => isObject(part) && isConfig(part["config"]),
};

function isStep(step: unknown): boolean {
  if (!isObject(step) || typeof step["op"] !== "string" || typeof step["type"] !== "string") return false;
  const { urn, keys, detailedDiff } = step;
  if (typeof urn !== "string" || !/^urn:pulumi:[^:]+::[^:]+::/.test(urn)) return false;
  if (!isAbsent(keys) && !(Array.isArray(keys) && keys.every((key) => typeof key === "string"))) return false;
  const kinds = isAbsent(detailedDiff) ? [] : isObject(detailedDiff) ? Object.values(detailedDiff) : [undefined];
  if (!kinds.every((kind) => isObject(kind) && typeof kind["diffKind"] === "string")) return false;
  return [step["old"], step["new"]].every((state) => isAbsent(state) || isState(state));
}

function isState(state: unknown): boolean {
  if (!isObject(state)) return false;
  const texts = ["id", "parent", "provider"].every((name) => isAbsent(state[name]) || typeof state[name] === "string");
  return texts && ["inputs", "outputs"].every((name) => isAbsent(state[name]) || isObject(state[name]));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isConfig(config: unknown): boolean {
  if (config === undefined || config === null) return true;
  return isObject(config) && Object.values(config).every((value) => typeof value === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A replacement is three steps of one resource; `replace` is the one that stands for all. */
const operations: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
  same: "same",
  read: "read",
  "read-replacement": "read",
  refresh: "refresh",
  import: "import",
  "import-replacement": "replace",
};

function toResources(steps: readonly Step[]): PlanResource[] {
  const resources = new Map<string, PlanResource>();
  for (const step of steps) {
    const operation = operations[step.op];
    if (operation !== undefined) resources.set(step.urn, toResource(step, operation));
  }
  return [...resources.values()];
}

/** Every resource that the state knows, once, as it is there. */
function standing(steps: readonly Step[]): PlanResource[] {
  const resources = new Map<string, PlanResource>();
  for (const step of steps) {
    if (step.old && !resources.has(step.urn)) resources.set(step.urn, toResource({ ...step, new: step.old }, "same"));
  }
  return [...resources.values()];
}

function toResource(step: Step, operation: Operation): PlanResource {
  const state = step.new ?? step.old ?? {};
  // What stays itself keeps its id and ARN, by which others name it; before a step the new state has none yet.
  const kept = operation === "same" || operation === "update" ? step.old : undefined;
  const id = state.id || kept?.id;
  const inputs = decodeMap(state.inputs);
  const changes = operation === "update" || operation === "replace" ? changesOf(step) : [];
  return {
    urn: step.urn,
    type: step.type,
    name: parseUrn(step.urn).name,
    custom: state.custom ?? false,
    ...(state.parent && { parent: state.parent }),
    inputs,
    outputs: { ...(id && { id }), ...decodeMap(kept?.outputs), ...decodeMap(state.outputs) },
    // The events do not say what depends on what.
    dependencies: [],
    propertyDependencies: {},
    options: {
      ...(state.protect && { protect: true }),
      ...(state.retainOnDelete && { retainOnDelete: true }),
      ...(state.provider && { provider: state.provider }),
    },
    operation,
    ...(changes.length > 0 && { changes }),
  };
}

function changesOf({ old, new: now, keys, detailedDiff }: Step): PropertyChange[] {
  const detailed = Object.entries(detailedDiff ?? {}).flatMap(([path, { diffKind }]) =>
    diffKind.endsWith("-replace") ? [path] : [],
  );
  // `keys` names whole properties: of a list it would blame every item.
  const forcing = (detailed.length > 0 ? detailed : (keys ?? [])).map(withoutIndices);
  return propertyChanges(withoutDefaults(old?.inputs), withoutDefaults(now?.inputs), () => false).map((change) => ({
    ...change,
    forcesReplacement: forcing.some((path) => touches(withoutIndices(change.path), path)),
  }));
}

function touches(path: string, forcing: string): boolean {
  return isWithin(path, forcing) || isWithin(forcing, path);
}

/** Without the bridge's own notes. */
function withoutDefaults(inputs: State["inputs"]): PlanValue {
  return Object.fromEntries(Object.entries(decodeMap(inputs)).filter(([key]) => !key.startsWith("__")));
}

// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function decodeMap(values: Readonly<Record<string, unknown>> | undefined): Record<string, PlanValue> {
  // `__defaults` is the bridge's note of what it filled in; it stands in every object.
  const own = Object.entries(values ?? {}).filter(([key]) => key !== "__defaults");
  return Object.fromEntries(own.map(([key, value]) => [key, decode(value)]));
}

function decode(value: unknown): PlanValue {
  if (value === unknownSentinel) return { $unknown: [] };
  // The engine blinds secrets: whether one changed, it does not tell.
  if (value === "[secret]") return { $secret: "" };
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return (value ?? null) as PlanValue;
  const special = value as Record<string, unknown>;
  if (special[signature] === secretSignature) return { $secret: "" };
  if (special[signature] === assetSignature || special[signature] === archiveSignature)
    // Events leave out what an asset holds; its SHA-256 tells two apart.
    return { asset: decode(special["path"] ?? special["uri"] ?? special["assets"] ?? special["hash"] ?? "") };
  return decodeMap(value as Record<string, unknown>);
}

function stackOutputs(events: readonly EngineEvent[]): Readonly<Record<string, unknown>> | undefined {
  const last = events.findLast(({ resOutputsEvent }) => resOutputsEvent?.metadata.type === "pulumi:pulumi:Stack");
  return last?.resOutputsEvent?.metadata.new?.outputs;
}

/** Not what the engine says of itself: which plug-ins it found, and that the run failed, which the summary says too. */
function isOfProgram({ severity, message }: Said): boolean {
  return (
    severity !== "debug" &&
    !/^using pulumi-(resource|language)-\S+ from /.test(message) &&
    !/^preview (failed|canceled)\s*$/.test(message)
  );
}

function toDiagnostic({ severity, message, urn }: Said): Diagnostic {
  const known = severity === "error" || severity === "warning" ? severity : "info";
  return { severity: known, message: message.trim(), ...(urn && { urn }) };
}

function toVerdict({ policyName, resourceUrn = "", message, enforcementLevel }: PolicyEvent): Verdict {
  return {
    rule: policyName,
    resource: resourceUrn,
    outcome: "fail",
    level: enforcementLevel === "advisory" ? "advisory" : "mandatory",
    severity: "medium",
    message: message.trim(),
    fix: "",
  };
}

function findFailure(
  events: readonly EngineEvent[],
  said: readonly Said[],
  violations: readonly Verdict[],
): Failure | undefined {
  const summary = events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  if (summary?.result === "succeeded") return undefined;
  const cancelled =
    events.some(({ stdoutEvent }) => stdoutEvent && /cancell?ing/i.test(stdoutEvent.message)) ||
    said.some(({ message }) => /^preview canceled/.test(message));
  if (cancelled) return { kind: "cancelled", message: "The preview was cancelled." };
  const errors = said.filter(({ severity }) => severity === "error").filter(isOfProgram);
  const error = errors.find(({ message }) => message.startsWith("Running program")) ?? errors[0];
  if (error) {
    const kind = error.urn === undefined ? "program" : "provider";
    return { kind, message: error.message.trim(), ...(error.urn && { urn: error.urn }) };
  }
  if (!summary) return { kind: "cancelled", message: "The events end before the preview does." };
  if (violations.some(({ level }) => level === "mandatory")) return undefined;
  return { kind: "program", message: "The engine reports a failure and no reason." };
}
