import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../project";
import { actTable, actTitles, suites } from "./acts";

/** Full titles of the tests in the suites, which are loaded and not run. */
function titles(): string[] {
  const files = Object.keys(suites).map((name) => join(__dirname, `${name}.cluster.test.ts`));
  const mocha = join(projectDir, "node_modules/mocha/bin/mocha.js");
  const { stdout, stderr } = spawnSync(process.execPath, [mocha, "--dry-run", "--reporter", "json", ...files], {
    cwd: projectDir,
    encoding: "utf8",
  });
  assert.ok(stdout.startsWith("{"), stderr);
  return (JSON.parse(stdout) as { tests: { fullTitle: string }[] }).tests.map(({ fullTitle }) => fullTitle);
}

describe("What docs/kubernetes.md says is driven to its end", function () {
  this.timeout(60_000);
  const page = readFileSync(join(projectDir, "docs/kubernetes.md"), "utf8");

  it("is the list of the suites' own tests, each of them and no other", () => {
    const found = titles();
    assert.deepEqual(actTitles().sort(), found.filter((title) => title.startsWith(suites.releases)).sort());
    assert.ok(page.includes(actTable()), `docs/kubernetes.md#what-is-tested-how should have\n${actTable()}`);
    for (const suite of [suites.scaling, suites.keda, suites.drains, suites.strategies]) {
      for (const title of found.filter((each) => each.startsWith(suite))) {
        const line = `- ${title.slice(suite.length + 1)}`;
        assert.ok(page.includes(`\n${line}\n`), `docs/kubernetes.md#what-is-tested-how should have\n${line}`);
      }
    }
  });
});
