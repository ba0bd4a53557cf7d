import { equal, throws } from "node:assert/strict";
import { costAssumptions } from "../../../stacks/settings/cost-assumptions";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";

const file = { target: "docker", preset: "staging", domain: "localhost", image: "ghcr.io/acme/shop:1.4.2" };

describe("the assumptions of the cost estimate", () => {
  it("are taken from the stack file by the names of docs/cost.md", () => {
    const costs = Object.fromEntries(Object.keys(costAssumptions).map((key, index) => [key, index]));
    equal(resolveSettings("prod", { ...file, costs }, {}).costs["use.usdPerMonth"], Object.keys(costs).length - 1);
  });

  for (const [wrong, nearest] of [
    ["cdn.requestPerMonth", "cdn.requestsPerMonth"],
    ["cnd.transferGbPerMonth", "cdn.transferGbPerMonth"],
    ["replicas", undefined],
  ] as const) {
    it(`refuse ${wrong} like any other setting that is none`, () => {
      throws(
        () => resolveSettings("prod", { ...file, costs: { [wrong]: 1 } }, {}),
        (error: Error) => {
          const problem = error instanceof SettingsError ? error.problems[0] : undefined;
          equal(problem?.key, `slipway:costs.${wrong}`);
          const hint = nearest === undefined ? "" : `; did you mean slipway:costs.${nearest}?`;
          equal(problem.message, `is not a setting${hint}`);
          return true;
        },
      );
    });
  }
});
