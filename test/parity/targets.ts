import { awsEcs } from "../../stacks/aws-ecs/stack";
import { docker } from "../../stacks/docker/stack";
import { kubernetes } from "../../stacks/kubernetes/stack";
import { resolveSettings } from "../../stacks/settings/load";
import type { StackOutputs } from "../../stacks/outputs";
import type { Settings, Target } from "../../stacks/settings/settings";
import { vercel } from "../../stacks/vercel/stack";
import type { Plan } from "../../tools/plan/plan";
import { record } from "../record";

type Raw = Readonly<Record<string, unknown>>;

interface Tried {
  readonly stack: (settings: Settings) => StackOutputs;
  /** What the target cannot do without. */
  readonly file: Raw;
}

const site = { domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" };

/** Every target, with the least that a stack file for it says. */
export const targets = {
  "aws-ecs": { stack: awsEcs, file: { ...site, tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } } },
  kubernetes: {
    stack: kubernetes,
    file: { ...site, kubernetes: { backupBucket: "s3://acme-backups/shop" }, tls: { issuer: "letsencrypt" } },
  },
  docker: { stack: docker, file: site },
  vercel: {
    stack: vercel,
    file: { domain: site.domain, build: { context: "app" }, database: { implementation: "none" } },
  },
} as const satisfies Readonly<Record<Target, Tried>>;

/** Those that run containers. */
export const targetNames = ["aws-ecs", "kubernetes", "docker"] as const;
export type TargetName = (typeof targetNames)[number];

/** A target's stack with these settings, recorded. */
export async function planOf(target: TargetName, more: Raw = {}): Promise<Plan> {
  const { stack, file } = targets[target];
  const settings = resolveSettings("test", { target, ...file, ...more }, { awsRegion: "eu-central-1" });
  return record(() => stack(settings), { config: { "aws:region": "eu-central-1" } });
}
