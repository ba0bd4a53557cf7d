import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "./stacks/settings/load";
import { warningsOf } from "./stacks/settings/warnings";
import type { StackOutputs } from "./stacks/outputs";
import { runStack } from "./stacks/targets";

/** Settings, then the stack, then its outputs. The engine calls this; the in-process preview has read the settings already. */
export = async (settings = loadSettings()): Promise<StackOutputs> => {
  for (const warning of warningsOf(settings)) void pulumi.log.warn(warning);
  return runStack(settings);
};
