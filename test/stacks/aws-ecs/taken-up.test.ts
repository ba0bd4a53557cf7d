import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runStack } from "../../../stacks/targets";
import { resolveSettings } from "../../../stacks/settings/load";
import type { Plan, PlanResource } from "../../../tools/plan/plan";
import { difference } from "../../../tools/sources/difference/difference";
import { record } from "../../record";
import { stackFile } from "./stack-file";

/**
 * What AwsFargateService, once cluster, load balancer and service in one, registered for three stack files. The stacks of
 * people who have them are taken up as they are.
 */
const variants = {
  shipped: {},
  "internet-canary": { cdn: { implementation: "none" }, release: { strategy: "canary" } },
  "internet-rolling": { cdn: { implementation: "none" }, release: { strategy: "rolling" } },
};

const withAlarms = { ...stackFile, monitoring: { emails: ["ops@example.com"] } };

/**
 * What a later version gives the application besides, which replaces task definitions as any release does, and the tags by
 * which a bill tells whose a resource is.
 */
function withoutLaterVariables(plan: Plan): Plan {
  const text = JSON.stringify(plan.resources).replace(
    /\{\\"name\\":\\"CACHE_NAMESPACE\\",\\"value\\":\\"[^"\\]*\\"\},?/g,
    "",
  );
  const resources = (JSON.parse(text) as PlanResource[]).map(({ inputs: { tags: _, ...inputs }, ...resource }) => ({
    ...resource,
    inputs,
  }));
  return { ...plan, resources };
}

function formerly(variant: string): PlanResource[] {
  const resources = JSON.parse(readFileSync(join(__dirname, "before-split", `${variant}.json`), "utf8")) as object[];
  const unsaid = { outputs: {}, dependencies: [], propertyDependencies: {}, operation: "create" };
  return resources.map((resource) => ({ ...unsaid, ...resource }) as unknown as PlanResource);
}

/**
 * Changed in place on purpose: the value of the header that leads to a new release is secret now, and a target group asks
 * whether a task keeps its place, not whether its database answers. A service that shifts traffic has no circuit breaker,
 * which ECS refuses there. An alarm says whose it is, ECS is trusted without a condition that it may not meet, replicas go
 * when no request comes, the firewall has one more limit and its log the key. A task may no longer decrypt with the stack's
 * key, which the database's own password has never been encrypted with.
 */
const changedSince = [
  ...["web-test", "web-blue", "web-green", "web-release-errors", "web-release-latency", "web-routing"],
  ...["web-scaling-requests", "web-alb-waf", "web-task"],
];

describe("a stack that one component had made", () => {
  for (const [variant, changes] of Object.entries(variants)) {
    it(`is taken up without a replacement, a deletion or a changed input: ${variant}`, async () => {
      const surroundings = { awsRegion: "eu-central-1" };
      const after = withoutLaterVariables(
        await record(() => runStack(resolveSettings("test", { ...withAlarms, ...changes }, surroundings)), {
          config: { "aws:region": "eu-central-1" },
        }),
      );
      const resources = formerly(variant);
      const before = { ...after, resources } as Plan;
      const taken = difference(before, after).resources.filter(({ operation }) => operation !== "create");
      assert.equal(taken.length, resources.length);
      assert.deepEqual(
        taken
          .filter(
            ({ operation, name, type }) =>
              operation !== "same" &&
              !changedSince.includes(name) &&
              // The migration has left the task: another task definition, as any release makes one.
              !(name === "web" && /taskDefinition:|service:Service/.test(type)),
          )
          .map(({ operation, urn }) => `${operation} ${urn}`),
        [],
      );
    });
  }
});
