import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "./stacks/settings/load";
import type { StackOutputs } from "./stacks/outputs";
import type { Settings, Target } from "./stacks/settings/settings";
import { warningsOf } from "./stacks/settings/warnings";

/** Only the target that is asked for is loaded: each brings an SDK of its own. */
const stacks: Record<Target, () => (settings: Settings) => StackOutputs> = {
  "aws-ecs": () => (require("./stacks/aws-ecs/stack") as typeof import("./stacks/aws-ecs/stack")).awsEcs,
  kubernetes: () => (require("./stacks/kubernetes/stack") as typeof import("./stacks/kubernetes/stack")).kubernetes,
  docker: () => (require("./stacks/docker/stack") as typeof import("./stacks/docker/stack")).docker,
  vercel: () => (require("./stacks/vercel/stack") as typeof import("./stacks/vercel/stack")).vercel,
};

/** Settings, then the stack, then its outputs. The engine calls this, and so does the in-process preview. */
export = async (): Promise<StackOutputs> => {
  const settings = loadSettings();
  for (const warning of warningsOf(settings)) void pulumi.log.warn(warning);
  return stacks[settings.target]()(settings);
};
