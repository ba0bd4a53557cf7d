import { equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { resolveSettings, settingsFrom } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { presetNames } from "../../../stacks/settings/settings";
import { record } from "../../record";
import program = require("../../../index");
import { planted, type Raw, stackFiles, type Wrong, wrongs } from "./arbitrary-settings";

/**
 * One seed for everybody, so that a failure is the change's and not the day's. `PROPERTY_SEED=$RANDOM PROPERTY_RUNS=500`
 * looks further.
 */
const parameters = (runs: number) => ({
  seed: Number(process.env["PROPERTY_SEED"] ?? 20_260),
  numRuns: Number(process.env["PROPERTY_RUNS"] ?? runs),
});

/** As the engine hands a stack file over: full keys, every value a text. */
function asConfig(raw: Raw): Record<string, string> {
  const entries = Object.entries(raw).map(([key, value]) => [
    `slipway:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...(Object.fromEntries(entries) as Record<string, string>), "aws:region": "eu-central-1" };
}

function refusal(raw: Raw): SettingsError | undefined {
  try {
    settingsFrom("test", asConfig(raw));
    return undefined;
  } catch (error) {
    ok(error instanceof SettingsError, `not the one error but ${String(error)}`);
    return error;
  }
}

describe("any settings", function () {
  this.timeout(600_000);

  for (const target of ["aws-ecs", "kubernetes", "docker", "vercel"] as const) {
    it(`that are valid give a plan on ${target}, with no secret in it`, async () => {
      await fc.assert(
        fc.asyncProperty(stackFiles(target), async (raw) => {
          const config = asConfig(raw);
          equal(refusal(raw)?.message, undefined);
          const hook = (raw["monitoring"] as { webhook?: string } | undefined)?.webhook;
          const secretKeys = ["slipway:secrets", ...(hook === undefined ? [] : ["slipway:monitoring"])];
          const plan = await record(program, { config, secretKeys });
          ok(plan.resources.some(({ type }) => type.startsWith("slipway:")));
          ok(typeof plan.outputs["url"] === "string", "the address is known before anything is created");
          ok(!JSON.stringify(plan).includes(planted), "a secret's value is in the plan");
        }),
        parameters(8),
      );
    });
  }

  it("that are wrong give one error, which names what is wrong and no secret", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc
          .constantFrom("aws-ecs" as const, "kubernetes" as const, "docker" as const, "vercel" as const)
          .chain(stackFiles),
        fc.uniqueArray(fc.constantFrom(...wrongs), { minLength: 1, maxLength: 4, selector: ({ key }) => key }),
        (raw, changes: readonly Wrong[]) => {
          const broken = changes.reduce((file, { change }) => change(file), structuredClone(raw));
          const error = refusal(broken);
          ok(error !== undefined, "taken as valid");
          for (const { key } of changes) {
            seen.add(key);
            ok(
              error.problems.some((problem) => `${problem.key}.`.startsWith(`slipway:${key}.`)),
              `${key} is not named in\n${error.message}`,
            );
          }
          ok(!error.message.includes(planted), `a secret's value is in\n${error.message}`);
        },
      ),
      parameters(400),
    );
    equal(seen.size, wrongs.length, "every kind of wrong value was tried");
  });

  it("register nothing when they are wrong", async () => {
    let registered = 0;
    const config = asConfig({ target: "docker", domain: "SHOP" });
    await record(program, { config, onResource: () => registered++ }).then(
      () => ok(false, "taken as valid"),
      (error: unknown) => ok(error instanceof SettingsError, String(error)),
    );
    // The stack itself is the only one: the engine makes it before the program runs.
    ok(registered <= 1, `${registered} resources were registered`);
  });

  it("whatever they hold, never end in anything but settings or the one error", () => {
    const keys = fc.constantFrom(
      "target",
      "preset",
      "domain",
      "image",
      "service",
      "database",
      "tls",
      "secrets",
      "costs",
    );
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(...presetNames, "docker", "aws-ecs", "kubernetes"));
    fc.assert(
      fc.property(fc.dictionary(keys, anything), (raw) => {
        try {
          resolveSettings("test", raw, {});
        } catch (error) {
          ok(error instanceof SettingsError, String(error));
        }
      }),
      parameters(500),
    );
  });
});
