// node -r ./tools/typescript.cjs test/bench/policy.bench.ts
import { cpus } from "node:os";

import { catalogue } from "../../policy/index";
import type { Plan, PlanResource, PlanValue } from "../../tools/plan/plan";
import { evaluatePlan } from "../../tools/judge/policy/evaluate-plan";
import { readEvents } from "../../tools/sources/engine/events";
import { missing } from "../project";
import { OwnEngine } from "../policy/three-ways/own-engine";
import { toPlan } from "../policy/three-ways/scenario";
import { concreteTypes } from "../policy/types";

/** A stack of the size asked for: the resources of the scenario and one of each other type, over and over. */
function stackOf(size: number): Plan {
  const plan = toPlan();
  const typed = concreteTypes.map((type) =>
    resource(
      type,
      plan.resources.find((one) => one.type === type),
    ),
  );
  const resources = Array.from({ length: size }, (_, index) => {
    const one = typed[index % typed.length] as PlanResource;
    const [urn, name] = [`${one.urn}-${index}`, `${one.name}-${index}`];
    // A stack that large has many namespaces: here each repetition is one.
    const metadata = { name, namespace: `team-${Math.floor(index / typed.length)}` };
    const inputs = one.type.startsWith("kubernetes:") ? { ...one.inputs, metadata } : { ...one.inputs, name };
    return { ...one, urn, name, inputs };
  });
  return { ...plan, resources };
}

function resource(type: string, known: PlanResource | undefined): PlanResource {
  const [like] = toPlan().resources;
  const inputs: Record<string, PlanValue> = {
    enabled: true,
    tags: { app: "shop" },
    spec: { template: { spec: { containers: [{ image: "shop:1" }] } } },
  };
  return (
    known ?? { ...(like as PlanResource), type, urn: `urn:pulumi:test::parity::${type}::one`, name: "one", inputs }
  );
}

/** The least that anything can do with a stack: look at each value of each resource once. */
function visit(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + visit(inner), 1);
}

/** Median of several runs, in milliseconds, after two to warm up. */
function measure(action: () => unknown, runs = 9): number {
  const times = Array.from({ length: runs + 2 }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  });
  return times.slice(2).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

const today = new Date();
const sizes = [1_000, 10_000];
const rows = sizes.map((size) => {
  const plan = stackOf(size);
  const cold = performance.now();
  evaluatePlan(plan, {}, { today });
  const first = performance.now() - cold;
  return {
    size,
    first,
    rules: measure(() => evaluatePlan(plan, {}, { today })),
    pass: measure(() => visit(plan.resources)),
  };
});

console.log(`${catalogue.length} rules, ${cpus().length} cores, Node ${process.version}`);
for (const { size, first, rules, pass } of rows) {
  const ratio = (rules / pass).toFixed(1);
  console.log(
    `${size} resources: ${rules.toFixed(1)} ms (first time ${first.toFixed(0)} ms); one pass that does nothing ${pass.toFixed(2)} ms; ratio ${ratio}`,
  );
}
const [small, large] = rows;
if (small && large)
  console.log(
    `growth from ${small.size} to ${large.size}: ${(large.rules / small.rules).toFixed(1)} times for 10 times the resources`,
  );

if (missing("pulumi").length === 0) void throughTheEngine();
else console.log("engine preview: not measured, there is no `pulumi` on PATH");

/** In turns, so that whatever else the machine does meets both alike. */
async function throughTheEngine(): Promise<void> {
  const engine = new OwnEngine();
  const { plan, settings } = await engine.inProcess("prod");
  const once = (pack?: typeof settings) => {
    const start = performance.now();
    const { plan: seen, failure } = readEvents(engine.preview("prod", pack));
    if (failure || seen.resources.length < plan.resources.length) throw new Error(failure?.message ?? "cut short");
    return (performance.now() - start) / 1000;
  };
  once();
  const runs = Array.from({ length: 3 }, () => [once(), once(settings)] as const);
  engine.remove();
  const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[1]!;
  const [without, withPack] = [median(runs.map(([time]) => time)), median(runs.map(([, time]) => time))];
  console.log(
    `engine preview of prod, ${plan.resources.length} resources: ${without.toFixed(1)} s without the pack, ${withPack.toFixed(1)} s with it; ratio ${(withPack / without).toFixed(2)}`,
  );
}
