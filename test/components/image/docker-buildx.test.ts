import { strict as assert } from "node:assert";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertBuildx } from "../../../components/image/docker-buildx";

describe("buildx, before anything is created", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-buildx-"))));
  after(() => rmSync(folder, { recursive: true }));
  const client = (script: string) => {
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "docker"), 0o755);
    return { PATH: folder, PULUMI_NODEJS_MONITOR: "127.0.0.1:1" };
  };

  it("is asked for under the engine alone: a preview needs no Docker", () => {
    assertBuildx({ PATH: folder });
  });

  it("is there", () => {
    assertBuildx(client('[ "$1 $2" = "buildx version" ]'));
  });

  it("is not: one error says what to install, and that nothing was created", () => {
    assert.throws(
      () => assertBuildx(client("exit 1")),
      /buildx version` fails here. Nothing was created.*docker-buildx/s,
    );
    assert.throws(() => assertBuildx({ ...client(""), PATH: join(folder, "none") }), /finds no docker/);
  });
});
