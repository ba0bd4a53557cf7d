import { strict as assert } from "node:assert";
import { undocumented } from "../docstrings";
import { projectDir } from "../project";

/** What the tarball's types show in an editor: test/package holds those of the build to the same. */
describe("arguments of the library", () => {
  it("say what they are, in which unit, what they are by default, and give an example", () => {
    const entries = ["aws", "docker", "kubernetes", "vercel"].map((entry) => `components/${entry}`);
    assert.deepEqual(undocumented(projectDir, entries, ".ts"), []);
  });
});
