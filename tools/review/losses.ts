import type { Destroyed } from "./changes";

/** Of what holds data, where one without takes its place. */
export const startsEmpty = "the application would start on an empty one";

/** What becomes of what a resource holds, as every reader says it. */
export function lossOf({ resource, lost, leftBehind, retained, mayHoldData }: Destroyed): string {
  if (lost !== undefined) return `loses ${lost}`;
  if (retained) {
    const kept = leftBehind === undefined ? "" : `, and with it ${leftBehind}`;
    return `${resource.operation === "replace" ? "the old one stays" : "stays"} in the cloud, no longer managed${kept}`;
  }
  if (leftBehind !== undefined) return `${leftBehind} stay, no longer managed`;
  return mayHoldData ? "it may hold data: that is not known here" : "no data";
}
