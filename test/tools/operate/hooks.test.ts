import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterRelease, beforeRelease, hooksFolder } from "../../../tools/operate/hooks";
import type { Receipt } from "../../../tools/plan/receipt";

describe("hooks of a release", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-hooks-"));
    mkdirSync(join(folder, hooksFolder), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, script: string, mode = 0o755) => {
    writeFileSync(join(folder, hooksFolder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, hooksFolder, name), mode);
  };
  const told = { stack: "prod", image: "ghcr.io/acme/shop:2" };
  const receipt = { outcome: "returned" } as Receipt;

  it("are none where there are none", async () => {
    await beforeRelease(folder, told);
    assert.equal(await afterRelease(folder, told, receipt), true);
  });

  it("are told the stack, the image, and afterwards how it went", async () => {
    write("pre-release", 'echo "$SLIPWAY_STACK $SLIPWAY_IMAGE" >before');
    write("post-release", 'echo "$SLIPWAY_OUTCOME $(cat)" >after');
    await beforeRelease(folder, told);
    assert.equal(await afterRelease(folder, told, receipt), true);
    assert.equal(readFileSync(join(folder, "before"), "utf8"), "prod ghcr.io/acme/shop:2\n");
    assert.equal(readFileSync(join(folder, "after"), "utf8"), 'returned {"outcome":"returned"}\n');
  });

  it("refuse the release by failing before it, and change nothing by failing after it", async () => {
    write("pre-release", "exit 7");
    write("post-release", "exit 7");
    await assert.rejects(beforeRelease(folder, told), /pre-release ended with exit code 7: nothing was released/);
    assert.equal(await afterRelease(folder, told, receipt), false);
  });

  it("are not passed over because they cannot be run", async () => {
    write("pre-release", "exit 0", 0o644);
    await assert.rejects(beforeRelease(folder, told), /chmod \+x/);
  });
});
