import { equal, match } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

describe("how TypeScript is loaded", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-typescript-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const load = <Module>(name: string, text: string): Module => {
    const file = join(folder, name);
    writeFileSync(file, text);
    delete require.cache[require.resolve(file)];
    return require(file) as Module;
  };

  it("shows where in TypeScript an error comes from", () => {
    const text = "interface Gone {\n  a: string;\n}\n\nexport function fail(): Gone {\n  throw new Error('here');\n}\n";
    const { fail } = load<{ fail: () => void }>("fail.ts", text);
    try {
      fail();
    } catch (error) {
      match((error as Error).stack!, /fail\.ts:6:9/);
      return;
    }
    throw new Error("did not fail");
  });

  it("reads a file anew when it has changed", () => {
    equal(load<{ answer: number }>("answer.ts", "export const answer: number = 1;").answer, 1);
    equal(load<{ answer: number }>("answer.ts", "export const answer: number = 2;").answer, 2);
  });
});
