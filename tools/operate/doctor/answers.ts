import type { Answer } from "./contract";

export function present(found: string): Answer {
  return { state: "present", found };
}

export function missing(found: string, ...fix: readonly string[]): Answer {
  return { state: "missing", found, fix };
}

export function unknown(found: string, ...fix: readonly string[]): Answer {
  return { state: "unknown", found, fix };
}
