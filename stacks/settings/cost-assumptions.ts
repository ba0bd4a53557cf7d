/** What the cost estimate takes a month's usage to be where `slipway:costs` does not say: a site of a small company. */
export const costAssumptions = {
  "cdn.requestsPerMonth": [5_000_000, "requests a month", "that visitors make to the CDN"],
  "cdn.transferGbPerMonth": [100, "GB a month", "that the CDN sends to visitors"],
  "loadBalancer.capacityUnits": [1, "capacity units", "that the load balancer uses on average"],
  "network.natGbPerMonth": [50, "GB a month", "that pass the NAT gateways, all together"],
  "network.endpointGbPerMonth": [10, "GB a month", "that pass each interface endpoint"],
  "service.replicas": [0, "replicas", "that run on average; 0 for the minimum of the settings"],
  "service.spotDiscountPercent": [50, "percent", "by which Fargate Spot is cheaper: AWS says up to 70"],
  "logs.gbPerMonth": [1, "GB a month", "that each log group takes in"],
  "storage.gb": [20, "GB", "that each bucket holds"],
  "image.gb": [2, "GB", "that the image repository holds"],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type AssumptionKey = keyof typeof costAssumptions;
