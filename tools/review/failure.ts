import { SettingsError } from "../../stacks/settings/problems";
import type { Failure } from "../plan/failure";
import { isUsageError } from "../plan/usage-error";
import { ProgramError } from "../sources/in-process/failure";

/** What a preview threw, as the reviewer reads it. */
export function asFailure(error: unknown): Failure {
  if (error instanceof ProgramError) return error.failure;
  if (error instanceof SettingsError || isUsageError(error)) return { kind: "settings", message: error.message };
  return { kind: "program", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
