/** Where a price was read, and the day on which it was AWS's price. */
export interface Taken {
  readonly from: string;
  /** `YYYY-MM-DD` */
  readonly on: string;
}

/**
 * AWS's price pages load their prices from a feed. This repository downloads that feed every hour and commits what
 * changed, so a file's day is that of the last download that changed it.
 */
export function feed(file: string, on: string): Taken {
  return { from: `https://github.com/v0rts/aws-price-watcher/blob/c4a0470/processed/${file}`, on };
}

/** The same feed, in another's copy: that of the first has no NAT gateways. */
export const nat: Taken = {
  from: "https://github.com/iammanis/ec2-vps/blob/0147287/_data/rates.json",
  on: "2026-09-03",
};

/** Neither copy of the feed has them; the day is that of the reading. */
export const invalidations: Taken = {
  from: "https://github.com/ThinkfleetAI/thinkfleet-engine/blob/7b35f60/skills/aws-cloudfront/SKILL.md",
  on: "2026-11-27",
};

/** Read from AWS's Price List by its author; the feed's copy has no edge functions. */
export const edgeFunctions: Taken = {
  from: "https://github.com/HJC96/malssum-haru/blob/e837f1a/infra/cost/prices.json",
  on: "2026-09-24",
};
