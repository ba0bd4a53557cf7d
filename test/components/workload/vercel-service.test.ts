import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import { VercelService, type VercelServiceArgs } from "../../../components/workload/vercel-service";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";

const variableType = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable";
const deploymentType = "vercel:index/deployment:Deployment";

const args: VercelServiceArgs = {
  project: { projectId: output("prj_1"), projectName: output("slipway-prod") },
  environment: {
    CACHE_TTL: "300",
    AUTH_SECRET: { store: "vercel", variable: "AUTH_SECRET", version: output("0a0b0c") },
    SENTRY_DSN: { store: "vercel", variable: "SENTRY_DSN" },
  },
  domain: "shop.example.com",
};

describe("VercelService", () => {
  const run = (more: Partial<VercelServiceArgs> = {}) => record(() => new VercelService("web", { ...args, ...more }));

  it("sets what is no secret, in production alone, and leaves secrets to where they are", async () => {
    const variables = all(await run(), variableType);
    deepEqual(
      variables.map(({ name }) => name),
      ["web-CACHE_TTL", "web-CACHE_NAMESPACE"],
    );
    const { value, ...inputs } = variables[0]!.inputs;
    deepEqual(inputs, { projectId: "prj_1", key: "CACHE_TTL", sensitive: false, targets: ["production"] });
    // The provider treats every value as a secret, and so does the plan.
    ok(isSecret(value));
  });

  it("has the domain, and says how to follow and how to go back", async () => {
    let service: VercelService | undefined;
    const plan = await record(() => {
      service = new VercelService("web", args);
      return { url: service.url, hostname: service.hostname, logs: service.logs, rollback: service.rollback };
    });
    deepEqual(only(plan, "vercel:index/projectDomain:ProjectDomain").inputs, {
      projectId: "prj_1",
      domain: "shop.example.com",
    });
    deepEqual(plan.outputs, {
      url: "https://shop.example.com",
      hostname: "cname.vercel-dns.com",
      logs: "vercel logs shop.example.com --follow",
      rollback: "vercel link --yes --project slipway-prod && vercel rollback",
    });
    deepEqual(service!.signals, []);
  });

  it("leaves deploying to pushes, unless it is told a commit", async () => {
    equal(all(await run(), deploymentType).length, 0);
  });

  it("deploys the commit once variables and domain are there, and again when a variable or a secret changes", async () => {
    const plan = await run({ ref: "3f2c1d9" });
    const { dependencies, inputs } = only(plan, deploymentType);
    const { meta, ...rest } = inputs;
    deepEqual(rest, { projectId: "prj_1", ref: "3f2c1d9", production: true });
    equal("deleteOnDestroy" in inputs, false, "the deployment before is the way back");
    deepEqual(Object.keys(meta as object), ["environment"]);
    for (const name of ["web-CACHE_TTL", "web"]) {
      ok(
        dependencies.some((urn) => urn.endsWith(`::${name}`)),
        name,
      );
    }
    deepEqual(only(plan, "random:index/randomId:RandomId", "web-environment").inputs, {
      byteLength: 6,
      keepers: { CACHE_NAMESPACE: "shop-test-web/4b56fc34a2cb", CACHE_TTL: "300", AUTH_SECRET: "0a0b0c" },
    });
  });

  it("refuses a secret that is somewhere else, or has another name", async () => {
    await rejects(
      run({ environment: { AUTH_SECRET: { store: "kubernetes", secret: "a", key: "b" } } }),
      /AUTH_SECRET: a secret in kubernetes cannot reach a Vercel project/,
    );
    await rejects(
      run({ environment: { AUTH_SECRET: { store: "vercel", variable: "OTHER" } } }),
      /AUTH_SECRET: the project has this secret as OTHER/,
    );
  });
});
