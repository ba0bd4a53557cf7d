import { releaseProblem } from "../../components/workload/kubernetes/replicas";
import {
  customResources,
  isSecret,
  isUnknown,
  type Plan,
  type PlanResource,
  type PlanValue,
} from "../../tools/plan/plan";
import { type ControlPlane, eventually } from "./control-plane";
import { findProgram, run } from "./programs";

interface Live {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly annotations?: Record<string, string>;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1?: object }[];
  };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly observedGeneration?: unknown };
}

type Inputs = Record<string, unknown> & {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
};

const manager = "pulumi-kubernetes";

/**
 * Does with a plan what `pulumi up` does, where neither its engine nor its provider for Kubernetes can be had: each object
 * once those are done that it depends on, by server-side apply as a field manager of its own, `ignoreChanges` and
 * `pulumi.com/waitFor` as the provider reads them (provider/pkg/await), deletions last and only after success.
 */
export class AsPulumi {
  private readonly state = new Map<string, Inputs>();

  constructor(private readonly plane: ControlPlane) {}

  /** @returns what was done to which object, by `Kind/name`. @throws Error when an object, or the release, fails. */
  async up(plan: Plan, interrupted?: AbortSignal): Promise<Record<string, "create" | "update" | "replace" | "delete">> {
    const done: Record<string, "create" | "update" | "replace" | "delete"> = {};
    const resources = customResources(plan).filter(({ type }) => type.startsWith("kubernetes:"));
    const running = new Map<string, Promise<void>>();
    const start = (resource: PlanResource): Promise<void> => {
      const known = running.get(resource.urn);
      if (known !== undefined) return known;
      const before = resource.dependencies.flatMap((urn) => resources.filter((each) => each.urn === urn));
      const promise = Promise.all(before.map(start)).then(async () => {
        const operation = await this.register(resource, interrupted);
        if (operation !== "same") done[nameOf(resource.inputs as Inputs)] = operation;
      });
      running.set(resource.urn, promise);
      return promise;
    };
    const results = await Promise.allSettled(resources.map(start));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;

    const kept = new Set(resources.map(({ urn }) => urn));
    for (const [urn, inputs] of [...this.state].reverse()) {
      if (kept.has(urn)) continue;
      await this.delete(inputs);
      this.state.delete(urn);
      done[nameOf(inputs)] = "delete";
    }
    return done;
  }

  private async register(
    resource: PlanResource,
    interrupted?: AbortSignal,
  ): Promise<"same" | "create" | "update" | "replace"> {
    const before = this.state.get(resource.urn);
    const ignored = (resource.options.ignoreChanges ?? []).map((path) => path.split("."));
    const inputs = filled(resource.inputs) as Inputs;
    // The engine keeps what an ignored input was.
    if (before !== undefined) for (const path of ignored) set(inputs, path, get(before, path));
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(inputs)) {
      await this.judge(inputs);
      return "same";
    }
    const replace =
      before !== undefined &&
      (inputs.kind === "Job" ||
        nameOf(before) !== nameOf(inputs) ||
        before.metadata.namespace !== inputs.metadata.namespace);
    if (replace && nameOf(before) === nameOf(inputs)) await this.delete(before);
    await this.apply(inputs, before === undefined || replace ? [] : ignored);
    // As the engine: what was applied is in the state, also when waiting for it fails.
    this.state.set(resource.urn, inputs);
    const { create = 600, update = 600 } = resource.options.customTimeouts ?? {};
    await this.wait(inputs, before === undefined ? create : update, interrupted);
    if (replace && nameOf(before) !== nameOf(inputs)) await this.delete(before);
    await this.judge(inputs);
    return before === undefined ? "create" : replace ? "replace" : "update";
  }

  /** The provider's handleSSAIgnoreFields: what is another's is left out, what is ours is sent as it is. */
  private async apply(inputs: Inputs, ignored: readonly string[][]): Promise<void> {
    const sent = structuredClone(inputs);
    if (ignored.length > 0) {
      const live = await this.live(inputs, true);
      for (const path of ignored) {
        const owns = (ours: boolean) =>
          (live?.metadata.managedFields ?? []).some(
            (entry) => (entry.manager === manager) === ours && hasField(entry.fieldsV1, path),
          );
        if (owns(false) && !owns(true)) set(sent, path, undefined);
        else if (live !== undefined && get(live, path) !== undefined) set(sent, path, get(live, path));
      }
    }
    const force = inputs.metadata.annotations?.["pulumi.com/patchForce"] === "true" ? ["--force-conflicts"] : [];
    await this.plane.apply([sent], `--field-manager=${manager}`, ...force);
  }

  private async wait(inputs: Inputs, seconds: number, interrupted?: AbortSignal): Promise<void> {
    const { name, namespace, annotations } = inputs.metadata;
    if (annotations?.["pulumi.com/skipAwait"] === "true") return;
    const kubectl = (...args: string[]) => this.plane.kubectl(["-n", namespace!, ...args]);
    if (inputs.kind === "Deployment") await kubectl("rollout", "status", `deployment/${name}`, "--timeout=120s");
    if (inputs.kind === "Job") await kubectl("wait", "--for=condition=Complete", `job/${name}`, "--timeout=120s");
    const waitFor = annotations?.["pulumi.com/waitFor"];
    if (waitFor === undefined) return;
    const conditions = waitFor.startsWith("[") ? (JSON.parse(waitFor) as string[]) : [waitFor];
    await eventually(
      `${nameOf(inputs)} meets ${waitFor}`,
      async () => {
        const live = await this.live(inputs);
        return live !== undefined && (await meets(live, conditions));
      },
      seconds,
      interrupted,
    );
  }

  /** What the program does with the outputs of a Rollout. */
  private async judge(inputs: Inputs): Promise<void> {
    if (inputs.kind !== "Rollout") return;
    const problem = releaseProblem(inputs.metadata.name, (await this.live(inputs))?.status);
    if (problem !== undefined) throw new Error(problem);
  }

  private async delete(inputs: Inputs): Promise<void> {
    const { name, namespace } = inputs.metadata;
    const scope = namespace === undefined ? [] : ["-n", namespace];
    await this.plane.kubectl([...scope, "delete", typeOf(inputs), name, "--ignore-not-found", "--timeout=60s"]);
  }

  private async live(inputs: Inputs, managedFields = false): Promise<Live | undefined> {
    const { name, namespace } = inputs.metadata;
    const scope = namespace === undefined ? [] : ["-n", namespace];
    const flags = managedFields ? ["--show-managed-fields"] : [];
    const text = await this.plane.kubectl([
      ...[...scope, "get", typeOf(inputs), name, "-o", "json", "--ignore-not-found", ...flags],
    ]);
    return text === "" ? undefined : (JSON.parse(text) as Live);
  }
}

/** As the provider's condition: a number in `observedGeneration` must be current, text is not looked at. */
async function meets(object: Live, conditions: readonly string[]): Promise<boolean> {
  const { generation } = object.metadata;
  const observed = object.status?.observedGeneration;
  if (typeof observed === "number" && generation !== undefined && observed < generation) return false;
  const parsed = conditions.map((condition) => {
    const [, path, value] = /^jsonpath=\{\s*(.*?)\s*\}(?:=([^=]+))?$/.exec(condition)!;
    return { path: path!.startsWith("$") ? path! : `$${path}`, value };
  });
  const found = await run(
    findProgram("jsonpath")!,
    parsed.map(({ path }) => path),
    JSON.stringify(object),
  );
  const lines = found.split("\n");
  return parsed.every(({ value }, index) => {
    const line = lines[index]!;
    return line !== "" && (value === undefined || String(JSON.parse(line)) === value);
  });
}

function nameOf({ kind, metadata }: Inputs): string {
  return `${kind}/${metadata.name}`;
}

/** `Rollout.v1alpha1.argoproj.io`, which names one kind in any cluster. */
function typeOf(inputs: Inputs): string {
  const [version, group] = (inputs["apiVersion"] as string).split("/").reverse() as [string, string | undefined];
  return `${inputs.kind}.${version}.${group ?? ""}`;
}

/** A stand-in for what only Pulumi's state knows. */
export function filled(value: PlanValue): unknown {
  if (isSecret(value)) return "secret";
  if (isUnknown(value)) return (value.template ?? "{0}").replaceAll(/\{\d+\}/g, "unknown");
  if (Array.isArray(value)) return (value as readonly PlanValue[]).map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
}

function get(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

function set(object: object, path: readonly string[], value: unknown): void {
  const parent = get(object, path.slice(0, -1)) as Record<string, unknown> | undefined;
  if (parent === undefined) return;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
}

function hasField(fields: object | undefined, path: readonly string[]): boolean {
  return (
    fields !== undefined &&
    get(
      fields,
      path.map((key) => `f:${key}`),
    ) !== undefined
  );
}
