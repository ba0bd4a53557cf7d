import { releaseProblem } from "../../components/workload/kubernetes/replicas";
import {
  customResources,
  isSecret,
  isUnknown,
  type Plan,
  type PlanResource,
  type PlanValue,
} from "../../tools/plan/plan";
import type { ControlPlane } from "./control-plane";
import { get, type Inputs, LiveObjects, nameOf, set } from "./live-objects";

/**
 * Does with a plan what `pulumi up` does, where neither its engine nor its provider for Kubernetes can be had: each object
 * once those are done that it depends on, by server-side apply as a field manager of its own, `ignoreChanges` and
 * `pulumi.com/waitFor` as the provider reads them (provider/pkg/await), deletions last and only after success.
 */
export class AsPulumi {
  private readonly state = new Map<string, Inputs>();

  private readonly objects: LiveObjects;

  constructor(plane: ControlPlane) {
    this.objects = new LiveObjects((args, input) => plane.kubectl(args, input));
  }

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
      await this.objects.delete(inputs);
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
    if (replace && nameOf(before) === nameOf(inputs)) await this.objects.delete(before);
    await this.objects.apply(inputs, before === undefined || replace ? [] : ignored);
    // As the engine: what was applied is in the state, also when waiting for it fails.
    this.state.set(resource.urn, inputs);
    const { create = 600, update = 600 } = resource.options.customTimeouts ?? {};
    await this.objects.wait(inputs, before === undefined ? create : update, interrupted);
    if (replace && nameOf(before) !== nameOf(inputs)) await this.objects.delete(before);
    await this.judge(inputs);
    return before === undefined ? "create" : replace ? "replace" : "update";
  }

  /** What the program does with the outputs of a Rollout. */
  private async judge(inputs: Inputs): Promise<void> {
    if (inputs.kind !== "Rollout") return;
    const problem = releaseProblem(inputs.metadata.name, (await this.objects.live(inputs))?.status);
    if (problem !== undefined) throw new Error(problem);
  }
}

/** A stand-in for what only Pulumi's state knows. */
export function filled(value: PlanValue): unknown {
  if (isSecret(value)) return "secret";
  if (isUnknown(value)) return (value.template ?? "{0}").replaceAll(/\{\d+\}/g, "unknown");
  if (Array.isArray(value)) return (value as readonly PlanValue[]).map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
}
