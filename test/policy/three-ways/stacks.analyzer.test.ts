import { ok } from "node:assert/strict";

import { Analyzer } from "./analyzer";
import { agree, onTheWire, ownStacks, OwnProject } from "./own-stacks";

describe("Slipway's own stacks through the SDK's analyzer protocol", function () {
  this.timeout(120_000);
  const project = new OwnProject();
  let analyzer: Analyzer | undefined;
  let failures = 0;

  before(async () => {
    analyzer = await Analyzer.start();
  });

  after(() => {
    analyzer?.stop();
    project.remove();
  });

  for (const stack of ownStacks) {
    it(`judges ${stack} as the in-process preview does`, async () => {
      const { violations, plan, settings } = await project.inProcess(stack);
      await analyzer!.configure(settings);
      const { same, open } = agree(violations, await analyzer!.violations(onTheWire(plan)));
      failures += same;
      console.log(`      ${same} failures, the same; ${open} that the protocol leaves unknown`);
    });
  }

  it("had failures to agree on", () => ok(failures >= 10, `${failures} failures`));
});
