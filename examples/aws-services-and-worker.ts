import { AwsCluster, AwsLoadBalancer, AwsService, AwsVpc } from "slipway/aws";

// Two sites and a worker on one cluster, the sites behind one load balancer.
const network = new AwsVpc("shop", { region: "eu-central-1", cidr: "10.20.0.0/16", zones: 2, nat: "one" });
const cluster = new AwsCluster("shop", { network });
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const loadBalancer = new AwsLoadBalancer("shop-alb", { network, certificateArn });
const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2";

const site = new AwsService("site", {
  cluster,
  process: { image },
  ingress: { domain: "shop.example.com", loadBalancer },
});
const admin = new AwsService("admin", {
  cluster,
  process: { image, command: ["node", "admin.js"] },
  ingress: { domain: "admin.example.com", loadBalancer, priority: 1 },
});
new AwsService("mail", { cluster, process: { image, command: ["node", "mail.js"] } });

export const addresses = [site.url, admin.url];
