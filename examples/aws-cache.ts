import { AwsElastiCache, AwsVpc } from "slipway/aws";

// Valkey with a standby, TLS and a password, in a network of its own.
const network = new AwsVpc("shop", { region: "eu-central-1", cidr: "10.20.0.0/16", zones: 2, nat: "none" });
const cache = new AwsElastiCache("cache", {
  vpcId: network.vpcId,
  subnetIds: network.isolatedSubnetIds,
  clientSecurityGroupIds: [network.applicationSecurityGroupId],
  nodeType: "cache.t4g.small",
  standby: true,
});

export const url = cache.url;
