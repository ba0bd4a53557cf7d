import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../../stacks/settings/load";
import type { AwsEcsSettings } from "../../../stacks/settings/settings";
import { runStack } from "../../../stacks/targets";
import { estimate } from "../../../tools/judge/cost/estimate";
import { record } from "../../record";
import { stackFile } from "./stack-file";

const settingsOf = (more: object, folder?: string) =>
  resolveSettings("test", { ...stackFile, ...more }, { awsRegion: "eu-central-1", folder }) as AwsEcsSettings;

async function monthly(preset: string, region: string): Promise<number> {
  const settings = resolveSettings("test", { ...stackFile, preset }, { awsRegion: region });
  const plan = await record(() => runStack(settings), { config: { "aws:region": region } });
  const { monthlyUsd, unpriced } = estimate(plan, { region, assumptions: settings.costs });
  deepEqual(unpriced, []);
  return monthlyUsd;
}

describe("presets on AWS", function () {
  this.timeout(60_000);

  for (const region of ["eu-central-1", "us-east-1"]) {
    it(`small is under $60 a month in ${region}, and development under $75, by the estimate`, async () => {
      const [small, development] = [await monthly("small", region), await monthly("development", region)];
      ok(small < 60, `small: $${small.toFixed(2)}`);
      ok(development < 75, `development: $${development.toFixed(2)}`);
    });
  }

  it("small keeps data as staging does, and leaves out what is for load and for a lost zone", () => {
    const [small, staging] = [settingsOf({ preset: "small" }), settingsOf({ preset: "staging" })];
    deepEqual(small.database, staging.database);
    deepEqual([small.service.minReplicas, small.service.maxReplicas, small.service.spotPercent], [1, 1, 100]);
    deepEqual([small.cache.implementation, small.network.nat], ["none", "instance"]);
    deepEqual([small.firewall, staging.firewall], [{ mode: "none" }, {}]);
    deepEqual(settingsOf({ preset: "small", firewall: { requestsPerAddress: 500 } }).firewall, {
      requestsPerAddress: 500,
    });
  });

  it("refuses limits of a firewall that is not there", () => {
    throws(() => settingsOf({ firewall: { mode: "none", requestsPerAddress: 500 } }), /requestsPerAddress exclude/);
  });

  describe("architecture", () => {
    const folder = mkdtempSync(join(tmpdir(), "architecture-"));
    after(() => rmSync(folder, { recursive: true }));
    const built = (more: object, dockerfile: string) => {
      writeFileSync(join(folder, "Dockerfile"), dockerfile);
      return settingsOf({ image: undefined, build: { context: "." }, ...more }, folder).service.platform;
    };
    const plain = "FROM node:24-slim AS build\nFROM node:24-slim\n";

    it("is Graviton where a lean preset builds the image, and what it was everywhere else", () => {
      equal(built({ preset: "small" }, plain), "linux/arm64");
      equal(built({ preset: "development" }, plain), "linux/arm64");
      equal(built({ preset: "small", service: { platform: "linux/amd64" } }, plain), "linux/amd64");
      equal(built({ preset: "production" }, plain), undefined);
      equal(settingsOf({ preset: "small" }).service.platform, undefined);
    });

    it("is refused where the Dockerfile is bound to the other, its last stage alone", () => {
      const bound = "FROM node:24-slim AS build\nFROM --platform=linux/amd64 node:24-slim\n";
      throws(() => built({ preset: "small" }, bound), /FROM --platform=linux\/amd64.*exec format error/);
      equal(
        built({ preset: "small" }, "FROM --platform=linux/amd64 node:24 AS build\nFROM node:24-slim\n"),
        "linux/arm64",
      );
      equal(built({ preset: "production" }, bound), undefined);
    });

    it("is refused where the tag names the other", () => {
      const image = (tag: string, platform?: string) => () =>
        settingsOf({ image: `ghcr.io/acme/shop:${tag}`, ...(platform && { service: { platform } }) });
      throws(image("1.4.2-amd64", "linux/arm64"), /is for linux\/amd64 by its tag/);
      throws(image("1.4.2-arm64"), /is for linux\/arm64 by its tag/);
      match(image("1.4.2-arm64", "linux/arm64")().image!, /arm64/);
      match(image("charm64")().image!, /charm64/);
    });
  });
});
