import { deepEqual, equal, match } from "node:assert/strict";

import { catalogue, packConfiguration, policyConfiguration } from "../../policy/index";

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

  it("asks for a reason and a day", () => {
    match(problems({ exemptions: [{ ...exemption, reason: "later" }] }).join(), /say why/);
    match(problems({ exemptions: [{ ...exemption, expires: "next week" }] }).join(), /YYYY-MM-DD/);
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
