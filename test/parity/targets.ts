import { awsEcs } from "../../stacks/aws-ecs";
import { docker } from "../../stacks/docker";
import { kubernetes } from "../../stacks/kubernetes";
import { resolveSettings } from "../../stacks/load-settings";
import type { StackOutputs } from "../../stacks/outputs";
import type { Settings } from "../../stacks/settings";
import type { Plan } from "../../tools/plan/plan";
import { record } from "../record";

type Raw = Readonly<Record<string, unknown>>;

interface Target {
  readonly stack: (settings: Settings) => StackOutputs;
  /** What the target cannot do without. */
  readonly file: Raw;
}

const site = { domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" };

/** The targets that run containers, with the least a stack file for them says. */
export const targets = {
  "aws-ecs": { stack: awsEcs, file: { ...site, tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } } },
  kubernetes: {
    stack: kubernetes,
    file: { ...site, kubernetes: { backupBucket: "s3://acme-backups/shop" }, tls: { issuer: "letsencrypt" } },
  },
  docker: { stack: docker, file: site },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;
export const targetNames = Object.keys(targets) as TargetName[];

/** A target's stack with these settings, recorded. */
export async function planOf(target: TargetName, more: Raw = {}): Promise<Plan> {
  const { stack, file } = targets[target];
  const settings = resolveSettings("test", { target, ...file, ...more }, { awsRegion: "eu-central-1" });
  return record(() => stack(settings), { config: { "aws:region": "eu-central-1" } });
}
