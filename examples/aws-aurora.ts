import { AwsAuroraServerlessV2, AwsElastiCache, AwsVpc } from "slipway/aws";

// A database whose capacity follows the load, and a cache of which the application may use its own keys alone.
const network = new AwsVpc("shop", { region: "eu-central-1", cidr: "10.20.0.0/16", zones: 2, nat: "one" });
const inside = {
  vpcId: network.vpcId,
  subnetIds: network.isolatedSubnetIds,
  clientSecurityGroupIds: [network.applicationSecurityGroupId],
};

const database = new AwsAuroraServerlessV2("database", {
  ...inside,
  version: "17",
  minAcu: 0.5,
  maxAcu: 4,
  standby: true,
  readReplicas: 0,
  backupRetentionDays: 7,
  backupCron: "15 3 * * *",
  protect: true,
});

const accessString = "on ~shop:* &shop:* -@all +@read +@write +@connection";
const cache = new AwsElastiCache("cache", { ...inside, nodeType: "cache.t4g.micro", standby: false, accessString });

export const urls = [database.url, cache.url];
