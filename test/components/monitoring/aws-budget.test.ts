import { deepEqual, equal, throws } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import { runStack } from "../../../stacks/targets";
import { estimate } from "../../../tools/judge/cost/estimate";
import { all, only, record } from "../../record";

const settings = (monitoring: object) =>
  resolveSettings(
    "test",
    {
      target: "aws-ecs",
      domain: "shop.example.com",
      image: `ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`,
      tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
      monitoring,
    },
    { awsRegion: "eu-central-1" },
  );
const plan = (monitoring: object) =>
  record(() => runStack(settings(monitoring)), { config: { "aws:region": "eu-central-1" } });
const type = "aws:budgets/budget:Budget";

describe("AwsBudget", function () {
  this.timeout(60_000);
  const emails = ["ops@example.com"];

  it("counts what has the stack's tag, and tells before and when the month's money is spent", async () => {
    const { inputs } = only(await plan({ emails, budgetUsd: 400 }), type);
    deepEqual(
      [inputs["limitAmount"], inputs["limitUnit"], inputs["timeUnit"], inputs["costFilters"]],
      ["400", "USD", "MONTHLY", [{ name: "TagKeyValue", values: ["user:stack$shop-test"] }]],
    );
    const notifications = inputs["notifications"] as Record<string, unknown>[];
    deepEqual(
      notifications.map((one) => [one["notificationType"], one["threshold"], one["subscriberEmailAddresses"]]),
      [
        ["ACTUAL", 80, emails],
        ["ACTUAL", 100, emails],
        ["FORECASTED", 100, emails],
      ],
    );
  });

  it("is not there unless asked for, costs nothing, and needs somebody to tell", async () => {
    equal(all(await plan({ emails }), type).length, 0);
    const { unpriced } = estimate(await plan({ emails, budgetUsd: 400 }), { region: "eu-central-1" });
    deepEqual(unpriced, []);
    throws(() => settings({ budgetUsd: 400 }), /monitoring\.emails.*is missing/);
  });
});
