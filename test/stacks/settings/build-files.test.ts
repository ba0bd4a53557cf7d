import { deepEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { targets } from "../../parity/targets";

describe("what a build reads", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-build-"));
    mkdirSync(join(folder, "app"));
    mkdirSync(join(folder, "web"));
    writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch\n");
    writeFileSync(join(folder, "web/Dockerfile.prod"), "FROM scratch\n");
    writeFileSync(join(folder, "token"), "x");
  });
  after(() => rmSync(folder, { recursive: true }));

  const problems = (build: object, target: "docker" | "aws-ecs" = "docker") => {
    const file = { target, ...targets[target].file, image: undefined, build };
    try {
      resolveSettings("test", file, { awsRegion: "eu-central-1", folder });
      return [];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.problems.map(({ key, message }) => `${key} ${message}`);
    }
  };

  for (const target of ["docker", "aws-ecs"] as const) {
    it(`is looked for from the project's folder, before anything is created on ${target}`, () => {
      deepEqual(problems({ context: "app" }, target), []);
      deepEqual(problems({ context: "web", dockerfile: "Dockerfile.prod" }, target), []);
      deepEqual(problems({ context: "app", secrets: { token: "token" } }, target), []);
      deepEqual(problems({ context: "nowhere" }, target), [
        "slipway:build.context is not a folder on this machine; it is relative to the project's",
      ]);
      deepEqual(problems({ context: "web" }, target), [
        "slipway:build.context has no Dockerfile: `npx slipway-next init` writes one for a Next.js application; or name it in slipway:build.dockerfile",
      ]);
      deepEqual(problems({ context: "app", dockerfile: "Dockerfile.prod" }, target), [
        "slipway:build.dockerfile is not in app: it is relative to the context",
      ]);
      deepEqual(problems({ context: "app", secrets: { token: "missing" } }, target), [
        "slipway:build.secrets.token is not a file on this machine",
      ]);
    });
  }
});
