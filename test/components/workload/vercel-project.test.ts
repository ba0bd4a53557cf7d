import { deepEqual, equal } from "node:assert/strict";
import type { ReleaseStrategy } from "../../../components/workload/contract";
import { VercelProject, type VercelProjectArgs } from "../../../components/workload/vercel-project";
import { all, only, record } from "../../record";

const projectType = "vercel:index/project:Project";
const releaseType = "vercel:index/projectRollingRelease:ProjectRollingRelease";

const args: VercelProjectArgs = {
  projectName: "slipway-prod",
  rootDirectory: "app",
  repository: { name: "gitlab/acme/web/shop", productionBranch: "main" },
  regions: ["fra1"],
  size: { cpuMillis: 1000, memoryMb: 2048 },
  skewDays: 7,
  migration: ["node", "migrate.js"],
  release: { strategy: "blue-green", bakeMinutes: 5 },
};

describe("VercelProject", () => {
  const run = (more: Partial<VercelProjectArgs> = {}) =>
    record(() => new VercelProject("project", { ...args, ...more }));
  const inputsOf = async (more: Partial<VercelProjectArgs> = {}) => only(await run(more), projectType).inputs;

  it("builds the folder of the repository, and closes what nobody has to see", async () => {
    deepEqual(await inputsOf(), {
      name: "slipway-prod",
      framework: "nextjs",
      nodeVersion: "24.x",
      rootDirectory: "app",
      gitRepository: { type: "gitlab", repo: "acme/web/shop", productionBranch: "main" },
      buildCommand:
        'npm run build && if [ "$VERCEL_ENV" = production ]; then cd .next/standalone && node migrate.js; fi',
      resourceConfig: { fluid: true, functionDefaultCpuType: "standard", functionDefaultRegions: ["fra1"] },
      skewProtection: "7 days",
      automaticallyExposeSystemEnvironmentVariables: true,
      previewDeploymentsDisabled: true,
      gitForkProtection: true,
      protectedSourcemaps: true,
      vercelAuthentication: { deploymentType: "standardProtectionNew" },
    });
  });

  it("leaves out what there is not: repository, migration, variables inside of the project", async () => {
    const inputs = await inputsOf({ repository: undefined, migration: undefined });
    deepEqual(
      ["gitRepository", "buildCommand", "environments", "passwordProtection"].filter((key) => key in inputs),
      [],
    );
  });

  it("quotes the migration's words for the shell", async () => {
    const { buildCommand } = await inputsOf({ migration: ["node", "it's; rm -rf /"] });
    equal(
      buildCommand,
      `npm run build && if [ "$VERCEL_ENV" = production ]; then cd .next/standalone && node 'it'\\''s; rm -rf /'; fi`,
    );
  });

  it("takes the larger size, and a day of skew protection", async () => {
    const { resourceConfig, skewProtection } = await inputsOf({
      size: { cpuMillis: 2000, memoryMb: 4096 },
      skewDays: 1,
    });
    equal((resourceConfig as { functionDefaultCpuType: string }).functionDefaultCpuType, "performance");
    equal(skewProtection, "1 day");
  });

  it("moves traffic at once, unless it is asked to move it in stages", async () => {
    equal(all(await run(), releaseType).length, 0);
    const stagesOf = async (release: ReleaseStrategy) => only(await run({ release }), releaseType).inputs["stages"];
    const steps = { stepMinutes: 5, bakeMinutes: 5 };
    deepEqual(await stagesOf({ strategy: "canary", weightPercent: 10, ...steps }), [
      { targetPercentage: 10, duration: 5 },
    ]);
    deepEqual(await stagesOf({ strategy: "linear", weightPercent: 30, ...steps }), [
      { targetPercentage: 30, duration: 5 },
      { targetPercentage: 60, duration: 5 },
      { targetPercentage: 90, duration: 5 },
    ]);
    const { inputs } = only(await run({ release: { strategy: "canary", weightPercent: 10, ...steps } }), releaseType);
    equal(inputs["advancementType"], "automatic");
  });

  it("can be changed by a transform", async () => {
    equal((await inputsOf({ transform: { project: { nodeVersion: "22.x" } } }))["nodeVersion"], "22.x");
  });
});
