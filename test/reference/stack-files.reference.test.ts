import { deepEqual } from "node:assert/strict";
import { mandatoryFailures } from "../../policy/index";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import { evaluatePlan } from "../../tools/judge/policy/evaluate-plan";
import { refusalsOf } from "../../tools/judge/refusals/states";
import { record } from "../record";
import { common, homeRegion, stackFiles } from "../stacks/aws-ecs/stack-files";

/** Those of test/stacks/aws-ecs/stack-files.ts that their settings do not refuse, planned and judged. */
describe("plans of stack files as teams write them", function () {
  this.timeout(60_000);

  for (const [name, { refused, region: awsRegion = homeRegion, settings }] of Object.entries(stackFiles)) {
    if (refused !== undefined && "setting" in refused) continue;
    const rule = refused?.rule;
    it(`${rule === undefined ? "takes" : `refuses by ${rule}`}: ${name}`, async () => {
      const resolved = resolveSettings("prod", { ...common, ...settings }, { awsRegion, project: "shop" });
      const plan = await record(() => runStack(resolved), { config: { "aws:region": awsRegion } });
      const today = new Date();
      const found = [
        ...refusalsOf(plan, resolved.policies ?? {}, { today }).findings.map(({ id }) => id),
        ...mandatoryFailures(evaluatePlan(plan, resolved.policies ?? {}, { today })).map((one) => one.rule),
      ];
      deepEqual([...new Set(found)], rule === undefined ? [] : [rule]);
    });
  }
});
