import type { PresetName } from "./settings";

/** What the cost estimate takes a month's usage to be where `slipway:costs` does not say: a site of a small company. */
export const costAssumptions = {
  "cdn.requestsPerMonth": [5_000_000, "requests a month", "that visitors make to the CDN"],
  "cdn.transferGbPerMonth": [100, "GB a month", "that the CDN sends to visitors"],
  "cdn.invalidationPathsPerMonth": [
    500,
    "paths a month",
    "that revalidateTag, revalidatePath and releases invalidate at the CDN; 1,000 are free",
  ],
  "loadBalancer.capacityUnits": [1, "capacity units", "that the load balancer uses on average"],
  "network.natGbPerMonth": [50, "GB a month", "that pass the NAT gateways, all together"],
  "network.endpointGbPerMonth": [10, "GB a month", "that pass each interface endpoint"],
  "service.replicas": [0, "replicas", "that run on average; 0 for the minimum of the settings"],
  "service.spotDiscountPercent": [50, "percent", "by which Fargate Spot is cheaper: AWS says up to 70"],
  "logs.gbPerMonth": [1, "GB a month", "that each log group takes in"],
  "storage.gb": [20, "GB", "that each bucket holds"],
  "database.acus": [
    0,
    "ACUs",
    "that each server of Aurora Serverless v2 has on average; 0 for the minimum of the settings",
  ],
  "database.gb": [20, "GB", "that the database on Aurora holds; of RDS, what is allocated counts"],
  "database.ioMillions": [20, "million requests a month", "that Aurora makes to its storage"],
  "image.gb": [2, "GB", "that the image repository holds"],
  "use.usdPerMonth": [
    0,
    "US dollars a month",
    "that each function, queue, topic and event bus of a program of your own comes to; without this key that is not known",
  ],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type AssumptionKey = keyof typeof costAssumptions;

/** A site of few visitors, and one that nobody visits but those who make it. Presets that are not here have the defaults above. */
const assumed: Readonly<Partial<Record<PresetName, Readonly<Partial<Record<AssumptionKey, number>>>>>> = {
  small: {
    "cdn.requestsPerMonth": 500_000,
    "cdn.transferGbPerMonth": 10,
    "loadBalancer.capacityUnits": 0.1,
    "network.natGbPerMonth": 10,
    "logs.gbPerMonth": 0.2,
    "storage.gb": 5,
    "database.gb": 5,
    "database.ioMillions": 2,
  },
  development: {
    "cdn.requestsPerMonth": 100_000,
    "cdn.transferGbPerMonth": 2,
    "loadBalancer.capacityUnits": 0.1,
    "network.natGbPerMonth": 5,
    "network.endpointGbPerMonth": 1,
    "logs.gbPerMonth": 0.1,
    "storage.gb": 1,
    "database.gb": 1,
    "database.ioMillions": 1,
    "image.gb": 1,
  },
};

export const assumedOf = (preset: PresetName): Readonly<Partial<Record<AssumptionKey, number>>> =>
  assumed[preset] ?? {};
