import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "./stacks/load-settings";
import type { StackOutputs } from "./stacks/outputs";
import type { Settings, Target } from "./stacks/settings";
import { warningsOf } from "./stacks/warnings";

/** Only the target that is asked for is loaded: each brings an SDK of its own. */
const stacks: Record<Target, () => (settings: Settings) => StackOutputs> = {
  "aws-ecs": () => (require("./stacks/aws-ecs") as typeof import("./stacks/aws-ecs")).awsEcs,
  kubernetes: () => (require("./stacks/kubernetes") as typeof import("./stacks/kubernetes")).kubernetes,
  docker: () => (require("./stacks/docker") as typeof import("./stacks/docker")).docker,
  vercel: () => (require("./stacks/vercel") as typeof import("./stacks/vercel")).vercel,
};

/** Settings, then the stack, then its outputs. The engine calls this, and so does the in-process preview. */
export = async (): Promise<StackOutputs> => {
  const settings = loadSettings();
  for (const warning of warningsOf(settings)) void pulumi.log.warn(warning);
  return stacks[settings.target]()(settings);
};
