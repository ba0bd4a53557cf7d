import { deepEqual, equal, ok } from "node:assert/strict";
import { VercelWebhook } from "../../../components/monitoring/vercel-webhook";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";

const webhookType = "vercel:index/webhook:Webhook";
const project = { projectId: "prj_1", projectName: "slipway-prod" };

describe("VercelWebhook", () => {
  it("tells of releases of this project that did not go through", async () => {
    const plan = await record(
      () => new VercelWebhook("monitoring", { ...project, webhook: "https://hooks.example.com/ops" }),
    );
    const { endpoint, ...inputs } = only(plan, webhookType).inputs;
    ok(isSecret(endpoint));
    deepEqual(inputs, {
      events: ["deployment.error", "deployment.canceled"],
      projectIds: ["prj_1"],
    });
  });

  it("makes nothing without recipients, and says where the dashboard is", async () => {
    const plan = await record(() => ({ dashboard: new VercelWebhook("monitoring", project).dashboard }));
    equal(all(plan, webhookType).length, 0);
    equal(plan.outputs["dashboard"], "https://vercel.com/d?to=/[team]/slipway-prod");
  });
});
