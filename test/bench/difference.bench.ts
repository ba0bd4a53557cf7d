// node -r ./tools/typescript.cjs test/bench/difference.bench.ts
import { renderComment } from "../../tools/readers/comment/render";
import { estimate } from "../../tools/judge/cost/estimate";
import { difference } from "../../tools/sources/difference/difference";
import type { Plan } from "../../tools/plan/plan";
import { htmlReport } from "../../tools/readers/page/html";
import { review } from "../tools/readers/comment/situations";
import { component, plan, resource } from "../tools/plans";

/** A plan as a stack of that many resources makes it; a tenth of it differs between two generations. */
function stackOf(resources: number, generation: number): Plan {
  const parents = Array.from({ length: Math.ceil(resources / 20) }, (_, i) =>
    component("container-service", "X", { name: `part-${i}` }),
  );
  const things = Array.from({ length: resources }, (_, i) => {
    const value = i % 10 === 0 ? `generation ${generation}` : "steady";
    const containerDefinitions = JSON.stringify([
      { name: "web", image: value, environment: [{ name: "A", value: "b" }] },
    ]);
    const inputs = { containerDefinitions, cpu: "512", memory: "1024", tags: { a: "1", b: "2", c: value } };
    return resource("aws:ecs/taskDefinition:TaskDefinition", `thing-${i}`, inputs, {
      parent: parents[i % parents.length],
    });
  });
  return plan(...parents, ...things);
}

function milliseconds(work: () => unknown): number {
  for (let i = 0; i < 3; i++) work();
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[4]!;
}

for (const resources of [100, 2000]) {
  const [before, after] = [stackOf(resources, 1), stackOf(resources, 2)];
  const compared = difference(before, after);
  const given = review({ plan: compared });
  const figures = {
    difference: milliseconds(() => difference(before, after)),
    comment: milliseconds(() => renderComment([given], { key: "k" })),
    "comment, no limit": milliseconds(() => renderComment([given], { key: "k", limit: Infinity })),
    cost: milliseconds(() => estimate(after, { region: "eu-central-1" })),
    html: milliseconds(() => htmlReport([given])),
  };
  const shown = Object.entries(figures).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`);
  console.log(
    `${String(resources).padStart(5)} resources  ${shown.join("  ")}  heap ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MB`,
  );
}
