import { createHash } from "node:crypto";
import {
  customResources,
  isUnknown,
  type Plan,
  type PlanResource,
  type PlanValue,
  type Unknown,
} from "../../plan/plan";
import { known } from "./known";
import { referring } from "./kubernetes-secret";

/** An object as it is written, and what has to be said of it. */
export interface Manifest {
  readonly resource: PlanResource;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly phase: Phase;
  /** Undefined for a Secret, whose values only Pulumi's state has. */
  readonly object: Readonly<Record<string, unknown>> | undefined;
  /** What a reader of the manifest has to know: of what only Pulumi could. */
  readonly notes: readonly string[];
  /** Fields that a controller owns once it has written them, but that have to be declared at the start. */
  readonly seeded: readonly string[];
}

/** What has to work before the next: in Argo CD a sync wave, in Flux a Kustomization that others depend on. */
export const phases = ["foundation", "data", "poolers", "migration", "application"] as const;
export type Phase = (typeof phases)[number];

/** What others need comes first; what needs others, late; then by name, so that two renderings can be compared. */
const order: Readonly<Record<string, Phase>> = {
  Namespace: "foundation",
  ResourceQuota: "foundation",
  LimitRange: "foundation",
  NetworkPolicy: "foundation",
  CiliumNetworkPolicy: "foundation",
  ServiceAccount: "foundation",
  Secret: "foundation",
  ExternalSecret: "foundation",
  ConfigMap: "foundation",
  PersistentVolumeClaim: "foundation",
  Certificate: "foundation",
  ObjectStore: "data",
  Cluster: "data",
  Pooler: "poolers",
  ScheduledBackup: "poolers",
  Service: "poolers",
  AnalysisTemplate: "poolers",
  Job: "migration",
  Deployment: "application",
  Rollout: "application",
  // Its webhook looks for the workload.
  ScaledObject: "application",
};

/**
 * The stack's objects, without what Pulumi alone reads and without what a controller owns.
 *
 * @param secretNames Other names of Secrets than the stack's own, by these.
 * @throws Error naming every input that an object needs, and that nobody knows before something else is deployed.
 */
export function manifests(plan: Plan, secretNames: ReadonlyMap<string, string> = new Map()): Manifest[] {
  const all = customResources(plan)
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map((resource) => manifest(resource, secretNames))
    .sort(byOrder);
  const missing = all.flatMap(({ kind, name, resource }) =>
    unknownTo(resource).map((path) => `  ${kind} ${name}: ${path}`),
  );
  if (missing.length > 0) {
    throw new Error(
      [
        `${plan.stack} cannot be rendered: what follows is known only once something outside of Kubernetes is deployed.`,
        ...missing,
        "Deploy the stack by Pulumi, or name what exists: slipway:database.implementation: external",
      ].join("\n"),
    );
  }
  return all;
}

function manifest(resource: PlanResource, secretNames: ReadonlyMap<string, string>): Manifest {
  const kind = resource.inputs["kind"] as string;
  const { name, namespace } = resource.inputs["metadata"] as { readonly name: string; readonly namespace?: string };
  const rest = { resource, kind, name, namespace, phase: phaseOf(kind) };
  if (kind === "Secret") return { ...rest, object: undefined, notes: [], seeded: [] };
  const leftOut: string[] = [];
  const object = known(filledIn(referring(withoutPulumi(resource.inputs), secretNames)), "", leftOut) as Record<
    string,
    unknown
  >;
  const { seeded } = leaveToControllers(object, resource);
  const notes = [
    ...(leftOut.length === 0
      ? []
      : ["Left out, as known only after deployment:", ...leftOut.map((line) => `  ${line}`)]),
    ...([...unknowns(resource.inputs, "")].some(({ value }) => isArchive(value)) ? archiveNote : []),
  ];
  if (kind !== "Job") return { ...rest, object, notes, seeded };
  // A Job cannot be changed: another variable, with the same image, is another Job.
  const metadata = object["metadata"] as Record<string, unknown>;
  const jobName = `${name.slice(0, 54)}-${createHash("sha256").update(JSON.stringify(object["spec"])).digest("hex").slice(0, 8)}`;
  return {
    ...rest,
    name: jobName,
    object: { ...object, metadata: { ...metadata, name: jobName } },
    notes,
    seeded,
  };
}

function byOrder(a: Manifest, b: Manifest): number {
  const kinds = Object.keys(order);
  const rank = ({ kind }: Manifest) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  return rank(a) - rank(b) || `${a.kind}/${a.name}`.localeCompare(`${b.kind}/${b.name}`, "en");
}

function phaseOf(kind: string): Phase {
  return order[kind] ?? "application";
}

/** Inputs of an object that come from something that is not Kubernetes' and not a random number. */
function unknownTo({ inputs }: PlanResource): string[] {
  return [...unknowns(inputs, "")]
    .filter(({ value }) => value.$unknown.some((source) => !source.includes("random:index/")))
    .map(({ path, value }) => `${path}, from ${value.$unknown.map((source) => source.split("::").at(-1)).join(", ")}`);
}

function* unknowns(value: PlanValue, path: string): Generator<{ path: string; value: Unknown }> {
  if (isUnknown(value)) {
    // Of Kubernetes itself: a Secret's own version, for one.
    yield { path, value };
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const entries = Array.isArray(value)
    ? (value as PlanValue[]).map((item, index) => [nameOf(item) ?? String(index), item] as const)
    : (Object.entries(value) as [string, PlanValue][]);
  for (const [key, item] of entries) yield* unknowns(item, path === "" ? key : `${path}.${key}`);
}

function nameOf(item: PlanValue): string | undefined {
  const { name } = (typeof item === "object" && item !== null ? item : {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : undefined;
}

function isArchive({ $unknown, template }: Unknown): boolean {
  return template !== undefined && $unknown.length > 0 && $unknown.every((source) => source.endsWith("-archive#hex"));
}

const archiveNote = [
  "Archives to a folder that ends in 1 whatever the cluster. Another cluster with this bucket, and a database that is made",
  "again, need a name of their own, or refuse to start: slipway:kubernetes.backupServerName",
];

/** A number that counts how often the cluster was made, in place of the random one of Pulumi's state. */
function filledIn(value: PlanValue): PlanValue {
  if (isUnknown(value)) return isArchive(value) ? value.template!.replace("{0}", "1") : value;
  if (typeof value !== "object" || value === null || "$secret" in value) return value;
  if (Array.isArray(value)) return (value as PlanValue[]).map(filledIn);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item)]));
}

/** Annotations that only Pulumi's provider reads, and the moment by which it knows that Argo has seen a Rollout. */
function withoutPulumi(inputs: PlanResource["inputs"]): PlanResource["inputs"] {
  const metadata = inputs["metadata"] as Readonly<Record<string, PlanValue>>;
  const { annotations, ...rest } = metadata;
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith("pulumi.com/"));
  const result = {
    ...inputs,
    metadata: kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) as PlanValue },
  };
  if (inputs["kind"] !== "Rollout") return result;
  const { restartAt: _, ...spec } = inputs["spec"] as Readonly<Record<string, PlanValue>>;
  return { ...result, spec };
}

/** The same list as Pulumi's: what is ignored there is not declared here, except what an object cannot begin without. */
function leaveToControllers(object: Record<string, unknown>, { options }: PlanResource): { seeded: string[] } {
  const seeded: string[] = [];
  for (const path of options.ignoreChanges ?? []) {
    if (path === "spec.rules") {
      seeded.push(path);
      continue;
    }
    const keys = path.split(".");
    const parent = keys
      .slice(0, -1)
      .reduce<Record<string, unknown> | undefined>(
        (value, key) => value?.[key] as Record<string, unknown> | undefined,
        object,
      );
    if (parent !== undefined) delete parent[keys.at(-1)!];
  }
  return { seeded };
}
