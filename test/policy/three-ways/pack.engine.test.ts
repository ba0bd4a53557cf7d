import { deepEqual, ok } from "node:assert/strict";

import { answersInProcess, answersOf } from "./answers";
import { EngineProject } from "./engine";
import { missing } from "../../project";

describe("the pack through the engine", function () {
  this.timeout(180_000);
  let engine: EngineProject | undefined;

  before(function () {
    if (missing("pulumi").length > 0) {
      console.log("      skipped: there is no `pulumi` on PATH");
      this.skip();
    }
    engine = new EngineProject();
  });

  after(() => engine?.remove());

  it("gives the answers of the in-process evaluation", () => {
    const found = engine?.violations() ?? [];
    ok(found.length > 0, "the engine reported no violation");
    const answers = answersOf(found);
    deepEqual(answers, answersInProcess());
    ok(!JSON.stringify(answers).includes("hunter2"));
  });
});
