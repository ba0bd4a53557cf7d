import { deepEqual, ok } from "node:assert/strict";
import type { Surroundings } from "../../../stacks/settings/constraint";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import type { Target } from "../../../stacks/settings/settings";
import { targets } from "../../parity/targets";

export type Raw = Readonly<Record<string, unknown>>;

/** What is refused: each problem as `key: how its message begins`; nothing where it is accepted. */
export type Refused = readonly [what: string, more: Raw, said: readonly string[], around?: Surroundings];

/** What the target cannot do without, with sections laid over it; `undefined` takes a key out. */
export function stackFile(target: Target, more: Raw): Raw {
  const file: Raw = { target, ...targets[target].file };
  const laid = Object.entries(more).map(([key, value]) => [
    key,
    isSection(value) && isSection(file[key]) ? { ...file[key], ...value } : value,
  ]);
  return { ...file, ...(Object.fromEntries(laid) as Raw) };
}

function problemsOf(target: Target, more: Raw, around: Surroundings = {}): string[] {
  try {
    resolveSettings(around.stack ?? "test", stackFile(target, more), { awsRegion: "eu-central-1", ...around });
    return [];
  } catch (error) {
    ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key, message }) => `${key.replace(/^slipway:/, "")}: ${message}`);
  }
}

export function specifyRefused(target: Target, cases: readonly Refused[]): void {
  for (const [what, more, said, around] of cases)
    it(`${target}, ${what}: ${said.length === 0 ? "accepted" : "refused"}`, () => {
      const found = problemsOf(target, more, around);
      deepEqual(
        found.map((text, index) => text.slice(0, said[index]?.length ?? text.length)),
        said,
      );
    });
}

const isSection = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);
