import { deepEqual, equal, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { readEvents } from "../../tools/sources/engine/events";
import { isSecret, isUnknown, type Plan, type PlanValue } from "../../tools/plan/plan";

/** The same URNs, and for each custom resource the same inputs: what the in-process preview shows is what the engine gets. */
export function sameAsEngine(inProcess: Plan, events: readonly EngineEvent[]): void {
  const engine = readEvents(events.map((event) => JSON.stringify(event)).join("\n")).plan.resources.filter(
    ({ type }) => !type.startsWith("pulumi:providers:"),
  );
  const urns = (resources: Plan["resources"]) => resources.map(({ urn }) => urn).sort();
  deepEqual(urns(engine), urns(inProcess.resources));

  const raw = rawInputs(events);
  const byUrn = new Map(engine.map((resource) => [resource.urn, resource]));
  let compared = 0;
  for (const { urn, inputs, custom, type } of inProcess.resources) {
    if (!custom || type === "pulumi:pulumi:Stack") continue;
    same(inputs, byUrn.get(urn)!.inputs, raw.get(urn), urn);
    compared += 1;
  }
  ok(compared > 0, "nothing was compared");
}

/** What the engine's own events say: in `__defaults` each object names the properties that a provider filled in. */
function rawInputs(events: readonly EngineEvent[]): Map<string, unknown> {
  return new Map(
    events.flatMap(({ resourcePreEvent }) => {
      const metadata = resourcePreEvent?.metadata;
      return metadata?.new === undefined ? [] : [[metadata.urn, metadata.new.inputs] as const];
    }),
  );
}
/** What the program gave the engine, less what a provider filled in. A value that either side does not know says nothing. */
function same(inProcess: PlanValue | undefined, engine: PlanValue | undefined, raw: unknown, path: string): void {
  if (isUnknown(inProcess) || isUnknown(engine)) return;
  if (isSecret(inProcess) || isSecret(engine)) {
    // The engine masks a whole list where a part of it is secret.
    ok(hasSecret(inProcess) && hasSecret(engine), `${path} is secret on one side only`);
    return;
  }
  if (typeof inProcess === "string" && path.endsWith(".asset")) {
    equal(createHash("sha256").update(inProcess).digest("hex"), engine, path);
    return;
  }
  if (typeof inProcess !== "object" || inProcess === null || typeof engine !== "object" || engine === null) {
    deepEqual(inProcess, engine, path);
    return;
  }
  const left = inProcess as Record<string, PlanValue>;
  const right = engine as Record<string, PlanValue>;
  const notes = (raw ?? {}) as Record<string, unknown>;
  const filled = new Set((notes["__defaults"] as string[] | undefined) ?? []);
  const keys = (value: Record<string, PlanValue>) =>
    Object.keys(value)
      .filter((key) => !filled.has(key) || key in left)
      .sort();
  deepEqual(keys(right), keys(left), path);
  for (const key of keys(left)) same(left[key], right[key], notes[key], `${path}.${key}`);
}

function hasSecret(value: PlanValue | undefined): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((part: PlanValue) => hasSecret(part));
}
