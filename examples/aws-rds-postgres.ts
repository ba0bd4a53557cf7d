import { AwsRdsPostgres, AwsVpc } from "slipway/aws";

// A database in a network of its own. Everything else has a default.
const network = new AwsVpc("shop", { region: "eu-central-1", cidr: "10.20.0.0/16", zones: 2, nat: "one" });

const database = new AwsRdsPostgres("database", {
  vpcId: network.vpcId,
  subnetIds: network.isolatedSubnetIds,
  clientSecurityGroupIds: [network.applicationSecurityGroupId],
  version: "17",
  storageGb: 20,
  standby: false,
  readReplicas: 0,
  backupRetentionDays: 7,
  backupCron: "15 3 * * *",
  instanceClass: "db.t4g.micro",
  logRetentionDays: 30,
  protect: true,
});

export const url = database.url;
