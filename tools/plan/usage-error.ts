/** What a person did wrong or can do something about: shown as it is, without a stack trace. */
export class UsageError extends Error {
  /** How a Pulumi program says the same. */
  override readonly name = "RunError";
}

/** Whether an error says all there is to say, so that a stack trace would only hide it. */
export function isUsageError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (["RunError", "ProgramError", "StackFileError"].includes(error.name) || "__pulumiRunError" in error)
  );
}
