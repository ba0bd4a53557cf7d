import { runStack } from "../../stacks/targets";
import { resolveSettings } from "../../stacks/settings/load";
import type { Target } from "../../stacks/settings/settings";
import type { Plan } from "../../tools/plan/plan";
import { record } from "../record";

type Raw = Readonly<Record<string, unknown>>;

interface Tried {
  /** What the target cannot do without. */
  readonly file: Raw;
}

const site = { domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" };

/** Every target, with the least that a stack file for it says. */
export const targets = {
  "aws-ecs": { file: { ...site, tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } } },
  kubernetes: {
    file: {
      ...site,
      kubernetes: { backupBucket: "s3://acme-backups/shop", ingressNamespace: "traefik" },
      storage: { implementation: "volume" },
      tls: { issuer: "letsencrypt" },
    },
  },
  docker: { file: { ...site, docker: { backupsOnThisHostOnly: true } } },
  vercel: {
    file: { domain: site.domain, build: { context: "app" }, database: { implementation: "none" } },
  },
} as const satisfies Readonly<Record<Target, Tried>>;

/** Those that run containers. */
export const targetNames = ["aws-ecs", "kubernetes", "docker"] as const;
export type TargetName = (typeof targetNames)[number];

/** A target's stack with these settings, recorded. */
export async function planOf(target: TargetName, more: Raw = {}): Promise<Plan> {
  const { file } = targets[target];
  const settings = resolveSettings("test", { target, ...file, ...more }, { awsRegion: "eu-central-1" });
  return record(() => runStack(settings), { config: { "aws:region": "eu-central-1" } });
}
