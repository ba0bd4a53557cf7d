import { deepEqual, ok } from "node:assert/strict";

import { readEvents } from "../../../tools/sources/engine/events";
import { violationsIn } from "./engine";
import { missing } from "../../project";
import { OwnEngine } from "./own-engine";
import { agree, ownStacks } from "./own-stacks";

describe("Slipway's own stacks through the engine", function () {
  this.timeout(300_000);
  let engine: OwnEngine | undefined;
  let failures = 0;

  before(function () {
    if (missing("pulumi").length > 0) {
      console.log("      skipped: there is no `pulumi` on PATH");
      return this.skip();
    }
    engine = new OwnEngine();
  });

  after(() => engine?.remove());

  for (const stack of ownStacks) {
    it(`judges ${stack} as the in-process preview does`, async () => {
      const { violations, settings } = await engine!.inProcess(stack);
      const events = engine!.preview(stack, settings);
      deepEqual(readEvents(events).failure, undefined);
      const { same, open } = agree(violations, violationsIn(events));
      failures += same;
      console.log(`      ${same} failures, the same; ${open} that the engine leaves unknown`);
    });
  }

  it("had failures to agree on", () => ok(failures >= 10, `${failures} failures`));
});
