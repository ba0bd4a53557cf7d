import { AwsCluster, AwsLoadBalancer, AwsRdsPostgres, AwsService, AwsVpc } from "slipway/aws";

/** One more service on what a team has: VPC, cluster, load balancer and database stay theirs, by id. */
const network = AwsVpc.get("network", {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  publicSubnetIds: ["subnet-0aa1", "subnet-0bb2"],
  privateSubnetIds: ["subnet-0cc3", "subnet-0dd4"],
});
const cluster = AwsCluster.get("main", { clusterName: "main", network });
const loadBalancer = AwsLoadBalancer.get("main", {
  arn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/main/50dc6c495c0c9188",
});
const database = AwsRdsPostgres.get("database", { identifier: "main", databaseName: "shop" });

const service = new AwsService("web", {
  cluster,
  process: { image: "ghcr.io/acme/shop:1.4.2", environment: database.environment },
  ingress: { domain: "shop.example.com", loadBalancer, priority: 20 },
});

export const url = service.url;
