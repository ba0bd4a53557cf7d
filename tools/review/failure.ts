import { SettingsError } from "../../stacks/settings/problems";
import type { Failure } from "../plan/failure";
import { ProgramError } from "../sources/in-process/failure";
import { StackFileError } from "../sources/in-process/stack-file";

/** What a preview threw, as the reviewer reads it. */
export function asFailure(error: unknown): Failure {
  if (error instanceof ProgramError) return error.failure;
  const settings = error instanceof SettingsError || error instanceof StackFileError;
  const message = error instanceof Error ? (settings ? error.message : (error.stack ?? error.message)) : String(error);
  return { kind: settings ? "settings" : "program", message };
}
