import { deepEqual, equal, match, throws } from "node:assert/strict";

import { catalogue, packConfiguration, policyConfiguration } from "../../policy/index";
import { resolveSettings } from "../../stacks/settings/load";

const problems = (input: unknown) =>
  policyConfiguration.safeParse(input).error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
const exemption = { rule: "rds-private", resource: "primary", reason: "moved on Monday", expires: "2026-12-01" };

describe("the configuration of policies", () => {
  it("takes levels, parameters and exemptions", () => {
    const input = {
      level: "advisory",
      rules: { "rds-backup": { level: "mandatory", minimumDays: 14 } },
      exemptions: [exemption],
    };
    deepEqual(policyConfiguration.parse(input), input);
  });

  it("refuses names that it does not know, so that a typo turns nothing off", () => {
    match(problems({ rules: { "rds-privat": { level: "disabled" } } }).join(), /rds-privat/);
    match(problems({ rules: { "rds-backup": { minimumDay: 14 } } }).join(), /minimumDay/);
    equal(problems({ exemptions: [{ ...exemption, rule: "rds-privat" }] }).length, 1);
  });

  it("names every key that a stack file may have", () => {
    for (const [key, near] of [
      ["rules.rds-privat", "rules.rds-private"],
      ["rules.rds-backup.minimumDay", "rules.rds-backup.minimumDays"],
      ["exemption", "exemptions"],
    ] as const) {
      const [first, ...rest] = key.split(".").reverse();
      const wrong = rest.reduce<unknown>((inner, name) => ({ [name]: inner }), { [first!]: {} });
      const file = { target: "docker", domain: "localhost", image: "shop:1", policies: wrong };
      throws(() => resolveSettings("prod", file, {}), new RegExp(`did you mean slipway:policies\\.${near}\\?`));
    }
  });

  it("asks for a reason and a day", () => {
    match(problems({ exemptions: [{ ...exemption, reason: "later" }] }).join(), /say why/);
    match(problems({ exemptions: [{ ...exemption, expires: "next week" }] }).join(), /YYYY-MM-DD/);
  });

  it("takes a date without quotes, as the engine hands it over", () => {
    const parsed = policyConfiguration.parse({
      exemptions: [{ ...exemption, expires: "2026-12-01 00:00:00 +0000 UTC" }],
    });
    equal(parsed.exemptions?.[0]?.expires, "2026-12-01");
    match(problems({ exemptions: [{ ...exemption, expires: "2026-12-01 09:00:00 +0000 UTC" }] }).join(), /YYYY-MM-DD/);
  });

  it("becomes the engine's form rule by rule", () => {
    const pack = packConfiguration(
      { level: "advisory", rules: { "rds-backup": { level: "mandatory", minimumDays: 14 } }, exemptions: [exemption] },
      catalogue,
    );
    deepEqual(pack["rds-backup"], { enforcementLevel: "mandatory", minimumDays: 14 });
    const { rule: _, ...rest } = exemption;
    deepEqual(pack["rds-private"], { enforcementLevel: "advisory", exemptions: [rest] });
    equal(Object.keys(pack).length, catalogue.length);
  });
});
