import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings } from "../../../stacks/settings/load";
import type { StackFile } from "../../../stacks/settings/settings";
import { runStack } from "../../../stacks/targets";
import { isSecret } from "../../../tools/plan/plan";
import { preview, type Preview } from "../../../tools/review/preview";
import { oneStack, overview } from "../../../tools/readers/terminal/preview";
import { linkProject, projectDir } from "../../project";
import { all, only, record } from "../../record";

const variableType = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable";

const file: StackFile = {
  target: "vercel",
  domain: "shop.example.com",
  build: { context: "app" },
  database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
  secrets: { DATABASE_PASSWORD: "hunter2-database" },
};

describe("the Vercel stack", () => {
  const run = (more: Partial<StackFile> = {}) =>
    record(() => runStack(resolveSettings("test", { ...file, ...more }, {})));

  it("says where the site is, whether it is well, and how to follow and to undo it", async () => {
    deepEqual((await run()).outputs, {
      url: "https://shop.example.com",
      health: "https://shop.example.com/api/ready",
      dashboard: "https://vercel.com/d?to=/[team]/shop-test",
      logs: "vercel logs shop.example.com --follow",
      rollback: "vercel link --yes --project shop-test && vercel rollback",
    });
  });

  it("tells the application the same names as every target, and nothing of ports and shutdown", async () => {
    const names = all(await run(), variableType).map(({ inputs }) => inputs["key"]);
    deepEqual(names.sort(), [
      "AUTH_SECRET",
      "AUTH_URL",
      "CACHE_NAMESPACE",
      "CACHE_TTL",
      "DATABASE_PASSWORD",
      "DATABASE_POOL_SIZE",
      "DATABASE_TLS",
      "DATABASE_URL",
      "ENCRYPTION_KEY",
      "LOG_LEVEL",
      "MAX_CONCURRENT_REQUESTS",
      "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
      "TRUSTED_PROXIES",
    ]);
  });

  it("marks every secret sensitive, and has none of them in the plan", async () => {
    const plan = await run();
    const sensitive = all(plan, variableType).filter(({ inputs }) => inputs["sensitive"] === true);
    deepEqual(sensitive.map(({ inputs }) => inputs["key"]).sort(), [
      "AUTH_SECRET",
      "DATABASE_PASSWORD",
      "ENCRYPTION_KEY",
      "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
    ]);
    ok(sensitive.every(({ inputs }) => isSecret(inputs["value"])));
    equal(JSON.stringify(plan).includes("hunter2"), false);
  });

  it("uses cache and storage that exist", async () => {
    const plan = await run({
      cache: { implementation: "external", url: "rediss://cache.example.com:6380" },
      storage: { implementation: "external", bucket: "acme-uploads", endpoint: "https://s3.example.com" },
      secrets: {
        DATABASE_PASSWORD: "hunter2",
        REDIS_PASSWORD: "hunter3",
        STORAGE_ACCESS_KEY_ID: "hunter4",
        STORAGE_SECRET_ACCESS_KEY: "hunter5",
      },
    });
    const names = all(plan, variableType).map(({ inputs }) => inputs["key"]);
    for (const name of ["REDIS_URL", "REDIS_PASSWORD", "STORAGE_BUCKET", "STORAGE_ENDPOINT"]) ok(names.includes(name));
    equal(/hunter\d/.test(JSON.stringify(plan)), false);
  });

  it("runs without a database, and then migrates nothing", async () => {
    const plan = await run({ database: { implementation: "none" }, secrets: {} });
    equal(JSON.stringify(plan.resources).includes("DATABASE_URL"), false);
    equal("buildCommand" in only(plan, "vercel:index/project:Project").inputs, false);
  });

  describe("of docs/vercel.md", () => {
    let seen: Preview;
    before(async () => {
      seen = await preview({ projectDir: exampleProject(), stack: "web" });
    });

    it("goes through the whole preview, policies and cost included", () => {
      equal(seen.settings?.target, "vercel");
      equal(only(seen.plan, "vercel:index/deployment:Deployment").inputs["production"], true);
      deepEqual(
        seen.policies.verdicts.filter(({ outcome }) => outcome === "fail"),
        [],
      );
      equal(JSON.stringify(seen.plan).includes("encrypted-in-the-stack-file"), false);
    });

    it("has no price that is made up: the project is without one, the rest is free", () => {
      equal(seen.cost.monthlyUsd, 0);
      deepEqual(
        seen.cost.unpriced.map(({ type, reason }) => [type, reason]),
        [["vercel:index/project:Project", "Vercel bills seats and usage by the team's plan: vercel.com/pricing"]],
      );
      ok(seen.cost.free.some(({ type }) => type === variableType));
    });

    it("is not called free, nor said to be on this host", () => {
      const line = overview([seen], 1)
        .split("\n")
        .find((each) => each.includes("vercel"));
      match(line!, /web\S* +vercel +Vercel +https:\/\/shop\.example\.com .* your plan/);
      match(oneStack(seen), /built by Vercel from app/);
    });
  });
});

/** The example of the page as a stack of a project that has this program. */
function exampleProject(): string {
  const yaml = /```yaml\n(# Pulumi\.web\.yaml\n[^]*?)```/.exec(
    readFileSync(join(projectDir, "docs/vercel.md"), "utf8"),
  )?.[1];
  ok(yaml !== undefined, "docs/vercel.md has an example that starts with # Pulumi.web.yaml");
  const folder = mkdtempSync(join(tmpdir(), "slipway-vercel-"));
  linkProject(folder);
  writeFileSync(join(folder, "Pulumi.web.yaml"), yaml);
  return folder;
}
