/** Plans, and where they come from: `import { ... } from "slipway/plan"`. */
export { customResources, isSecret, isUnknown } from "./plan/plan";
export type { Operation, Plan, PlanResource, PlanValue, PropertyChange } from "./plan/plan";
export { difference } from "./sources/difference/difference";
export { previewStack, recordProgram, type PreviewOptions, type Recording } from "./sources/in-process/in-process";
