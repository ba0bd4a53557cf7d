/** Stack files as teams write them, and what AWS makes of each by its own documentation. */
export interface StackFile {
  readonly region?: string;
  readonly settings: object;
  /** Setting that is refused, or the rule that refuses; absent: AWS takes it. */
  readonly refused?: { readonly setting: string } | { readonly rule: string };
  readonly source: string;
}

const docs = "https://docs.aws.amazon.com";
const account = "123456789012";
const uuid = "0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";
const home = "eu-central-1";

const certificate = (region: string, partition = "aws") =>
  `arn:${partition}:acm:${region}:${account}:certificate/${uuid}`;
const key = (region: string) => `arn:aws:kms:${region}:${account}:key/${uuid}`;
const secret = (region: string, rest = "shop-AbCdEf", partition = "aws") =>
  `arn:${partition}:secretsmanager:${region}:${account}:secret:${rest}`;
const ecr = (host: string) => ({ image: `${account}.${host}/shop:1.4.2` });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const reference = (text: string) => ({ secrets: { EMAIL_API_KEY: { reference: text } } });
const setting = (name: string) => ({ setting: `slipway:${name}` });
const rule = (name: string) => ({ rule: name });

const certificates = `${docs}/acm/latest/userguide/acm-regions.html`;
const pulling = `${docs}/AmazonECR/latest/userguide/ecr-requests.html`;
const privateLink = `${docs}/vpc/latest/privatelink/privatelink-access-aws-services.html`;
const secretSyntax = `${docs}/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html`;
const secretKeys = `${docs}/secretsmanager/latest/userguide/security-encryption.html`;
const blocks = `${docs}/vpc/latest/userguide/vpc-cidr-blocks.html`;
const nodes = `${docs}/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html`;
const vpcOrigins = `${docs}/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html`;
const storage = `${docs}/AmazonRDS/latest/UserGuide/CHAP_Storage.html`;
const classes = `${docs}/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html`;
const windows = `${docs}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html`;
const deployments = `${docs}/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html`;
const sizes = `${docs}/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size`;
const schedules = `${docs}/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html`;
const firewall = `${docs}/waf/latest/APIReference/API_RateBasedStatement.html`;
const retention = `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`;
const policies = `${docs}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const zones = `${docs}/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html`;
const noCdn = { cdn: { implementation: "none" } };

export const stackFiles: Readonly<Record<string, StackFile>> = {
  "certificates of their own": {
    settings: { tls: { certificateArn: certificate(home), cdnCertificateArn: certificate("us-east-1") } },
    source: certificates,
  },
  "CloudFront's certificate for the load balancer, too": {
    settings: { tls: { certificateArn: certificate("us-east-1"), cdnCertificateArn: certificate("us-east-1") } },
    refused: setting("tls.certificateArn"),
    source: certificates,
  },
  "a certificate of another partition": {
    settings: { tls: { certificateArn: certificate(home, "aws-us-gov") }, ...noCdn },
    refused: setting("tls.certificateArn"),
    source: certificates,
  },
  "a key for the storage": {
    settings: { database: { storageKeyArn: key(home) } },
    source: `${docs}/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html`,
  },
  "a key of another region for the storage": {
    settings: { database: { storageKeyArn: key("us-east-1") } },
    refused: setting("database.storageKeyArn"),
    source: `${docs}/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html`,
  },
  "a secret": { settings: reference(secret(home)), source: secretSyntax },
  "a key of a secret's JSON": { settings: reference(secret(home, "shop-AbCdEf:password::")), source: secretSyntax },
  "a secret's previous version": {
    settings: reference(secret(home, "shop-AbCdEf:password:AWSPREVIOUS:")),
    source: secretSyntax,
  },
  "a secret by version and stage": {
    settings: reference(secret(home, "shop-AbCdEf:password:AWSCURRENT:0a1b")),
    refused: setting("secrets.EMAIL_API_KEY.reference"),
    source: secretSyntax,
  },
  "a secret without its six characters": { settings: reference(secret(home, "shop")), source: secretSyntax },
  "a secret of another region": { settings: reference(secret("us-east-1")), source: secretSyntax },
  "a secret of another partition": {
    settings: reference(secret("us-gov-west-1", "shop-AbCdEf", "aws-us-gov")),
    refused: setting("secrets.EMAIL_API_KEY.reference"),
    source: secretSyntax,
  },
  "a secret and a key of another region": {
    settings: { secrets: { EMAIL_API_KEY: { reference: secret(home), keyArn: key("us-east-1") } } },
    refused: setting("secrets.EMAIL_API_KEY.keyArn"),
    source: secretKeys,
  },
  "sixty values in one secret": {
    settings: {
      secrets: Object.fromEntries(
        many(60, (n) => [`VALUE_${n}`, { reference: secret(home, `shop/production-AbCdEf:VALUE_${n}::`) }]),
      ),
    },
    source: policies,
  },
  "thirty secrets with keys of their own": {
    settings: {
      secrets: Object.fromEntries(
        many(30, (n) => [
          `VALUE_${n}`,
          { reference: secret(home, `shop/production/value-number-${n}-AbCdEf`), keyArn: key(home) },
        ]),
      ),
    },
    source: policies,
  },
  "eighty secrets with long names": {
    settings: {
      secrets: Object.fromEntries(
        many(80, (n) => [`VALUE_${n}`, { reference: secret(home, `acme/shop/production/values/number-${n}-AbCdEf`) }]),
      ),
    },
    refused: rule("iam-policy-size"),
    source: policies,
  },
  "sixty secrets that are made": {
    settings: { secrets: Object.fromEntries(many(60, (n) => [`VALUE_${n}`, { generate: 32 }])) },
    source: policies,
  },
  "an image in ECR": { settings: ecr(`dkr.ecr.${home}.amazonaws.com`), source: pulling },
  "an image in ECR, over IPv6": { settings: ecr(`dkr-ecr.${home}.on.aws`), source: pulling },
  "an image in ECR, by FIPS modules": {
    region: "us-east-1",
    settings: ecr("dkr.ecr-fips.us-east-1.amazonaws.com"),
    source: pulling,
  },
  "an image in ECR in China": {
    region: "cn-northwest-1",
    settings: { ...ecr("dkr.ecr.cn-northwest-1.amazonaws.com.cn"), ...noCdn },
    source: pulling,
  },
  "an image in ECR's public gallery": { settings: { image: "public.ecr.aws/acme/shop:1.4.2" }, source: pulling },
  "an image on Docker Hub that only some may pull": {
    settings: { image: "acme/shop:1.4.2", aws: { imagePullSecret: secret(home) } },
    source: `${docs}/AmazonECS/latest/developerguide/private-auth.html`,
  },
  "a pull secret for ECR": {
    settings: { ...ecr(`dkr-ecr.${home}.on.aws`), aws: { imagePullSecret: secret(home) } },
    refused: setting("aws.imagePullSecret"),
    source: `${docs}/AmazonECS/latest/developerguide/private-auth.html`,
  },
  "no NAT, and an image in ECR": {
    settings: { ...ecr(`dkr.ecr.${home}.amazonaws.com`), network: { nat: "none" } },
    source: privateLink,
  },
  "no NAT, and an image in another region's ECR": {
    settings: { ...ecr("dkr.ecr.us-west-2.amazonaws.com"), network: { nat: "none" } },
    refused: setting("image"),
    source: privateLink,
  },
  "no NAT, and a bucket in another region": {
    settings: {
      ...ecr(`dkr.ecr.${home}.amazonaws.com`),
      network: { nat: "none" },
      storage: { implementation: "external", bucket: "acme", region: "us-east-1" },
    },
    refused: setting("storage.region"),
    source: `${docs}/vpc/latest/privatelink/vpc-endpoints-s3.html`,
  },
  "no NAT, and a secret of another region": {
    settings: {
      ...ecr(`dkr.ecr.${home}.amazonaws.com`),
      network: { nat: "none" },
      ...reference(secret("us-east-1")),
    },
    refused: setting("secrets.EMAIL_API_KEY.reference"),
    source: privateLink,
  },
  "an endpoint for S3": {
    settings: { network: { endpoints: ["s3"] } },
    refused: setting("network.endpoints"),
    source: privateLink,
  },
  "an endpoint twice": {
    settings: { network: { endpoints: ["sts", "sts"] } },
    refused: setting("network.endpoints"),
    source: privateLink,
  },
  "addresses of carrier-grade NAT": { settings: { network: { cidr: "100.64.0.0/16" } }, source: blocks },
  "the default VPC's block": { settings: { network: { cidr: "172.31.0.0/16" } }, source: blocks },
  "the smallest block": { settings: { network: { cidr: "10.0.0.0/23" } }, source: blocks },
  "a block that leaves no room for load balancers": {
    settings: { network: { cidr: "10.0.0.0/24" } },
    refused: setting("network.cidr"),
    source: `${docs}/elasticloadbalancing/latest/application/application-load-balancers.html`,
  },
  "500 replicas in a small block": {
    settings: { network: { cidr: "10.20.0.0/22" }, service: { maxReplicas: 500 } },
    refused: rule("ecs-subnet-room"),
    source: `${docs}/AmazonECS/latest/developerguide/fargate-task-networking.html`,
  },
  "500 replicas in a large block": {
    settings: { service: { maxReplicas: 500 } },
    source: `${docs}/AmazonECS/latest/developerguide/fargate-task-networking.html`,
  },
  "55 ports to the internet": {
    settings: { network: { outboundPorts: many(55, (n) => 8000 + n) } },
    source: `${docs}/vpc/latest/userguide/amazon-vpc-limits.html`,
  },
  "70 ports to the internet": {
    settings: { network: { outboundPorts: many(70, (n) => 8000 + n) } },
    refused: rule("sg-rule-count"),
    source: `${docs}/vpc/latest/userguide/amazon-vpc-limits.html`,
  },
  "a cache on t2": {
    settings: { cache: { nodeType: "cache.t2.small" } },
    refused: rule("elasticache-node-type"),
    source: nodes,
  },
  "a cache on r7g": { settings: { cache: { nodeType: "cache.r7g.large" } }, source: nodes },
  "a cache on r6g in Mexico": {
    region: "mx-central-1",
    settings: { cache: { nodeType: "cache.r6g.large" } },
    refused: setting("cache.nodeType"),
    source: nodes,
  },
  "CloudFront in Mexico": { region: "mx-central-1", settings: {}, source: vpcOrigins },
  "CloudFront in New Zealand": {
    region: "ap-southeast-6",
    settings: {},
    refused: setting("cdn.implementation"),
    source: vpcOrigins,
  },
  "no CDN in New Zealand": { region: "ap-southeast-6", settings: noCdn, source: vpcOrigins },
  GovCloud: { region: "us-gov-west-1", settings: noCdn, source: zones },
  "Northern California on two zones": { region: "us-west-1", settings: { network: { zones: 2 } }, source: zones },
  "Northern California on three": {
    region: "us-west-1",
    settings: {},
    refused: setting("network.zones"),
    source: zones,
  },
  "a zone without Fargate": {
    region: "us-east-1",
    settings: { network: { zoneIds: ["use1-az1", "use1-az2", "use1-az3"] } },
    refused: setting("network.zoneIds"),
    source: zones,
  },
  "the largest database": { settings: { database: { storageGb: 65_536 } }, source: storage },
  "19 GiB of gp3": {
    settings: { database: { storageGb: 19 } },
    refused: setting("database.storageGb"),
    source: storage,
  },
  "growth by less than a tenth": {
    settings: { database: { storageGb: 399, maxStorageGb: 438 } },
    refused: setting("database.maxStorageGb"),
    source: `${docs}/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html`,
  },
  "a class of Multi-AZ clusters alone": {
    settings: { database: { instanceClass: "db.c6gd.large" } },
    refused: rule("rds-instance-class"),
    source: classes,
  },
  "PostgreSQL 15 on r5": { settings: { database: { version: "15", instanceClass: "db.r5.xlarge" } }, source: classes },
  "the smallest class, a proxy and a replica": {
    settings: { database: { instanceClass: "db.t4g.micro", proxy: true, readReplicas: 1 } },
    source: `${docs}/AmazonRDS/latest/UserGuide/rds-proxy.html`,
  },
  "a backup before midnight": { settings: { database: { backupCron: "45 23 * * *" } }, source: windows },
  "a backup each week": {
    settings: { database: { backupCron: "0 3 * * 0" } },
    refused: setting("database.backupCron"),
    source: windows,
  },
  "backups for 36 days": {
    settings: { database: { backupRetentionDays: 36 } },
    refused: setting("database.backupRetentionDays"),
    source: windows,
  },
  "steps of 2 percent": {
    settings: { release: { strategy: "linear", weightPercent: 2 } },
    refused: rule("ecs-linear-step-percent"),
    source: `${docs}/AmazonECS/latest/APIReference/API_LinearConfiguration.html`,
  },
  "steps of 7 percent, 13 minutes each, and a day of bake": {
    settings: { release: { strategy: "linear", weightPercent: 7, stepMinutes: 13, bakeMinutes: 1440 } },
    source: deployments,
  },
  "a canary of a day and a day of bake": {
    settings: { release: { strategy: "canary", weightPercent: 50, stepMinutes: 1440, bakeMinutes: 1440 } },
    source: deployments,
  },
  "blue-green without bake": { settings: { release: { strategy: "blue-green", bakeMinutes: 0 } }, source: deployments },
  "five minutes to start": {
    settings: { service: { startupSeconds: 300 } },
    source: `${docs}/AmazonECS/latest/APIReference/API_HealthCheck.html`,
  },
  "a second more": {
    settings: { service: { startupSeconds: 301 } },
    refused: setting("service.startupSeconds"),
    source: `${docs}/AmazonECS/latest/APIReference/API_HealthCheck.html`,
  },
  "8 CPUs and 20 GB": { settings: { service: { cpuMillis: 8000, memoryMb: 20_480 } }, source: sizes },
  "8 CPUs and 18 GB": {
    settings: { service: { cpuMillis: 8000, memoryMb: 18_432 } },
    refused: setting("service.memoryMb"),
    source: sizes,
  },
  "all of it on Spot": { settings: { service: { spotPercent: 100, minReplicas: 1, maxReplicas: 1 } }, source: sizes },
  "names of thirty letters": {
    settings: {
      workers: { ["a".repeat(30)]: { command: ["node", "mail.js"] } },
      jobs: { ["b".repeat(30)]: { command: ["node", "cleanup.js"], cron: "0 0 * * 0" } },
    },
    source: policies,
  },
  "weekdays by name": {
    settings: { service: { schedules: [{ cron: "0 7 * * MON-FRI", minReplicas: 1, maxReplicas: 2 }] } },
    source: schedules,
  },
  "a time zone by its offset": {
    settings: {
      service: { schedules: [{ cron: "0 7 * * 5-7", timeZone: "Etc/GMT+5", minReplicas: 1, maxReplicas: 2 }] },
    },
    source: schedules,
  },
  "a time zone that is misspelt": {
    settings: {
      service: { schedules: [{ cron: "0 7 * * *", timeZone: "Europe/Berlim", minReplicas: 1, maxReplicas: 2 }] },
    },
    refused: setting("service.schedules.0.timeZone"),
    source: schedules,
  },
  "logs for ten years": { settings: { monitoring: { logRetentionDays: 3653 } }, source: retention },
  "logs for 91 days": {
    settings: { monitoring: { logRetentionDays: 91 } },
    refused: setting("monitoring.logRetentionDays"),
    source: retention,
  },
  "ten requests in five minutes": { settings: { firewall: { requestsPerAddress: 10 } }, source: firewall },
  "nine requests in five minutes": {
    settings: { firewall: { requestsPerAddress: 9 } },
    refused: setting("firewall.requestsPerAddress"),
    source: firewall,
  },
  "an exempt path of 201 characters": {
    settings: { firewall: { exemptPaths: [`/${"a".repeat(200)}`] } },
    refused: setting("firewall.exemptPaths[0]"),
    source: `${docs}/waf/latest/APIReference/API_ByteMatchStatement.html`,
  },
  "ten exempt paths": {
    settings: { firewall: { exemptPaths: many(10, (n) => `/api/webhooks/of-somebody-else-${n}/`) } },
    source: `${docs}/waf/latest/developerguide/aws-waf-capacity-units.html`,
  },
  "static files below 255 characters": {
    settings: { cdn: { assetPath: `/${"a".repeat(253)}/` } },
    refused: setting("cdn.assetPath"),
    source: `${docs}/cloudfront/latest/APIReference/API_CacheBehavior.html`,
  },
  "an apex with five other names": {
    settings: { domain: "example.com", network: { redirectFrom: many(5, (n) => `www${n}.example.com`) } },
    source: `${docs}/acm/latest/userguide/acm-limits.html`,
  },
  "a domain of 72 characters": {
    settings: { domain: `${"a".repeat(60)}.example.com` },
    refused: setting("domain"),
    source: `${docs}/acm/latest/APIReference/API_RequestCertificate.html`,
  },
  "a database elsewhere, on another port": {
    settings: {
      database: { implementation: "external", url: "postgres://app@db.example.com:6543/app" },
      secrets: { DATABASE_PASSWORD: { reference: secret(home) } },
    },
    source: `${docs}/vpc/latest/userguide/security-group-rules.html`,
  },
};

export const homeRegion = home;
export const common = {
  target: "aws-ecs",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop@sha256:4be1c7a0d5e9f8b3a6c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0",
  tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
};
