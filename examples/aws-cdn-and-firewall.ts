import { AwsCertificate, AwsCloudFront, AwsStaticAssets, AwsWebAcl } from "slipway/aws";

// CloudFront with a certificate and a firewall, in front of a load balancer that exists and gets a firewall of its own.
const region = "eu-central-1";
const hostedZoneId = "Z0123456789ABCDEFGHIJ";
const arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188";
const domain = "shop.example.com";

const certificate = new AwsCertificate("certificate", { region, names: [domain], hostedZoneId, edge: true });
const cdn = new AwsCloudFront("cdn", {
  domain,
  hostedZoneId,
  assets: new AwsStaticAssets("assets", { region, retentionDays: 30 }),
  loadBalancer: { arn, hostname: "shop-123.eu-central-1.elb.amazonaws.com", zoneId: "Z215JYRZR1TBD5" },
  certificateArn: certificate.arn,
  firewall: { requestsPerAddress: 1000 },
  logRetentionDays: 30,
});
new AwsWebAcl("firewall", { scope: "REGIONAL", protects: arn, logRetentionDays: 30 });

export const address = cdn.url;
