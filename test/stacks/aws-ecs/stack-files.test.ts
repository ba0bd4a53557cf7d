import { deepEqual, match, ok } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { common, homeRegion, stackFiles } from "./stack-files";

describe("stack files as teams write them", () => {
  it("are sixty or more, each with an address of AWS's documentation", () => {
    ok(Object.keys(stackFiles).length >= 60);
    for (const { source } of Object.values(stackFiles)) match(source, /^https:\/\/docs\.aws\.amazon\.com\/.+/);
  });

  for (const [name, { refused, region, settings }] of Object.entries(stackFiles)) {
    const setting = refused !== undefined && "setting" in refused ? refused.setting : undefined;
    it(`${setting === undefined ? "reads" : `refuses ${setting} of`} ${name}`, () =>
      deepEqual(
        problemsOf(settings, region).map(({ key }) => key),
        setting === undefined ? [] : [setting],
      ));
  }
});

function problemsOf(settings: object, awsRegion = homeRegion) {
  try {
    resolveSettings("prod", { ...common, ...settings }, { awsRegion, project: "shop" });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ key }) => ({ key: key.startsWith("slipway:") ? key : `slipway:${key}` }));
  }
}
