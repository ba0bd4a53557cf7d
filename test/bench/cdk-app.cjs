// The stack that Pulumi.prod.yaml makes, as the AWS CDK would have it, for synth.bench.ts: of the same resources, by its own
// constructs of level two where there are such. CDK: folder in which aws-cdk-lib and constructs are installed.
"use strict";
const { createRequire } = require("node:module");
const { join } = require("node:path");

const from = createRequire(join(process.env.CDK, "package.json"));
const cdk = from("aws-cdk-lib");
const part = (name) => from(`aws-cdk-lib/aws-${name}`);
const acm = part("certificatemanager");
const [alb, cloudfront, origins, cloudwatch, actions] = [
  part("elasticloadbalancingv2"),
  part("cloudfront"),
  part("cloudfront-origins"),
  part("cloudwatch"),
  part("cloudwatch-actions"),
];
const [ec2, ecs, elasticache, events, targets] = [
  part("ec2"),
  part("ecs"),
  part("elasticache"),
  part("events"),
  part("events-targets"),
];
const [kms, lambda, logs, rds, route53, s3, secrets, sns, subscriptions, sqs, waf] = [
  part("kms"),
  part("lambda"),
  part("logs"),
  part("rds"),
  part("route53"),
  part("s3"),
  part("secretsmanager"),
  part("sns"),
  part("sns-subscriptions"),
  part("sqs"),
  part("wafv2"),
];

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const app = new cdk.App({
  analyticsReporting: false,
  context: { "availability-zones:account=123456789012:region=eu-central-1": zones },
});
const stack = new cdk.Stack(app, "shop-prod", { env: { account: "123456789012", region: "eu-central-1" } });
const domain = "shop.example.com";
const key = new kms.Key(stack, "Key", { alias: "shop-prod", enableKeyRotation: true });
const log = (name) =>
  new logs.LogGroup(stack, `${name}Log`, { retention: logs.RetentionDays.THREE_MONTHS, encryptionKey: key });

const vpc = new ec2.Vpc(stack, "Network", {
  ipAddresses: ec2.IpAddresses.cidr("10.20.0.0/16"),
  availabilityZones: zones,
  natGateways: 1,
  restrictDefaultSecurityGroup: false,
  subnetConfiguration: [
    { name: "public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
    { name: "private", subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
    { name: "isolated", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
  ],
  flowLogs: { all: { destination: ec2.FlowLogDestination.toCloudWatchLogs(log("Flow")) } },
  gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
});
const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

const bucket = (name, more = {}) =>
  new s3.Bucket(stack, name, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: cdk.Duration.days(90) }],
    ...more,
  });
const [uploads, assets] = [bucket("Uploads", { versioned: true }), bucket("Assets", { versioned: true })];
bucket("LoadBalancerLogs");
bucket("CdnLogs");

const database = new rds.DatabaseInstance(stack, "Database", {
  vpc,
  vpcSubnets: isolated,
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
  parameters: { "rds.force_ssl": "1" },
  allocatedStorage: 50,
  maxAllocatedStorage: 200,
  multiAz: true,
  storageEncrypted: true,
  deletionProtection: true,
  backupRetention: cdk.Duration.days(14),
  cloudwatchLogsExports: ["postgresql"],
});
const cacheGroup = new ec2.SecurityGroup(stack, "CacheGroup", { vpc, allowAllOutbound: false });
new elasticache.CfnParameterGroup(stack, "CacheParameters", {
  cacheParameterGroupFamily: "valkey8",
  description: "cache",
});
new elasticache.CfnReplicationGroup(stack, "Cache", {
  replicationGroupDescription: "cache",
  engine: "valkey",
  cacheNodeType: "cache.t4g.small",
  numCacheClusters: 2,
  automaticFailoverEnabled: true,
  transitEncryptionEnabled: true,
  atRestEncryptionEnabled: true,
  securityGroupIds: [cacheGroup.securityGroupId],
  cacheSubnetGroupName: new elasticache.CfnSubnetGroup(stack, "CacheSubnets", {
    description: "cache",
    subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
  }).ref,
});

const zone = route53.HostedZone.fromHostedZoneAttributes(stack, "Zone", {
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  zoneName: "example.com",
});
const certificate = (name) =>
  new acm.Certificate(stack, name, {
    domainName: domain,
    validation: acm.CertificateValidation.fromDns(zone),
  });
const balancer = new alb.ApplicationLoadBalancer(stack, "LoadBalancer", { vpc, deletionProtection: true });
const listener = balancer.addListener("Https", { port: 443, certificates: [certificate("Certificate")] });

const given = ["AuthSecret", "EncryptionKey", "CachePassword"].map(
  (name) => new secrets.Secret(stack, name, { generateSecretString: { passwordLength: 32 } }),
);
const cluster = new ecs.Cluster(stack, "Cluster", { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
const task = (name) => {
  const definition = new ecs.FargateTaskDefinition(stack, name, { cpu: 1024, memoryLimitMiB: 2048 });
  definition.addContainer("app", {
    image: ecs.ContainerImage.fromRegistry(`ghcr.io/acme/shop@sha256:${"4be1c7a0d5e9f8b3".repeat(4)}`),
    logging: ecs.LogDrivers.awsLogs({ logGroup: log(name), streamPrefix: "app" }),
    environment: { DATABASE_HOST: database.dbInstanceEndpointAddress, STORAGE_BUCKET: uploads.bucketName },
    secrets: Object.fromEntries(
      given.map((secret, index) => [`SECRET_${index}`, ecs.Secret.fromSecretsManager(secret)]),
    ),
    portMappings: [{ containerPort: 3000 }],
    readonlyRootFilesystem: true,
  });
  uploads.grantReadWrite(definition.taskRole);
  return definition;
};
const service = new ecs.FargateService(stack, "Service", {
  cluster,
  taskDefinition: task("Web"),
  desiredCount: 2,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});
task("Migration");
listener.addTargets("Web", {
  port: 3000,
  protocol: alb.ApplicationProtocol.HTTP,
  targets: [service],
  healthCheck: { path: "/api/ready" },
});
database.connections.allowDefaultPortFrom(service);
cacheGroup.connections.allowFrom(service, ec2.Port.tcp(6379));
const scaling = service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 });
scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 60 });
scaling.scaleOnMemoryUtilization("Memory", { targetUtilizationPercent: 75 });

const acl = new waf.CfnWebACL(stack, "Firewall", {
  scope: "REGIONAL",
  defaultAction: { allow: {} },
  visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: "waf", sampledRequestsEnabled: true },
  rules: ["Common", "KnownBadInputs", "SQLi"].map((name, priority) => ({
    name,
    priority,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name: `AWSManagedRules${name}RuleSet` } },
    visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
  })),
});
new waf.CfnWebACLAssociation(stack, "FirewallAssociation", {
  resourceArn: balancer.loadBalancerArn,
  webAclArn: acl.attrArn,
});
const code = "function handler(event) { return event.request }";
const edge = (name) => new cloudfront.Function(stack, name, { code: cloudfront.FunctionCode.fromInline(code) });
const distribution = new cloudfront.Distribution(stack, "Cdn", {
  domainNames: [domain],
  certificate: acm.Certificate.fromCertificateArn(
    stack,
    "EdgeCertificate",
    "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789",
  ),
  defaultBehavior: {
    origin: origins.VpcOrigin.withApplicationLoadBalancer(balancer),
    cachePolicy: new cloudfront.CachePolicy(stack, "Pages", {}),
    responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(stack, "Headers", {
      securityHeadersBehavior: { contentTypeOptions: { override: true } },
    }),
    functionAssociations: [
      { function: edge("Request"), eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
      { function: edge("Response"), eventType: cloudfront.FunctionEventType.VIEWER_RESPONSE },
    ],
  },
  additionalBehaviors: {
    "/_next/static/*": {
      origin: origins.S3BucketOrigin.withOriginAccessControl(assets),
      cachePolicy: new cloudfront.CachePolicy(stack, "StaticFiles", {}),
    },
  },
});
for (const [index, type] of ["A", "AAAA", "HTTPS"].entries())
  new route53.CfnRecordSet(stack, `Record${index}`, {
    hostedZoneId: zone.hostedZoneId,
    name: domain,
    type,
    aliasTarget: { dnsName: distribution.distributionDomainName, hostedZoneId: "Z2FDTNDATAQYW2" },
  });

const topics = ["Alerts", "EdgeAlerts"].map((name) => new sns.Topic(stack, name, { masterKey: key }));
for (const topic of topics) topic.addSubscription(new subscriptions.EmailSubscription("ops@example.com"));
for (let index = 0; index < 18; index++)
  new cloudwatch.Alarm(stack, `Alarm${index}`, {
    metric: new cloudwatch.Metric({ namespace: "AWS/ECS", metricName: `metric-${index}` }),
    threshold: 80,
    evaluationPeriods: 3,
  }).addAlarmAction(new actions.SnsAction(topics[0]));
new cloudwatch.Dashboard(stack, "Dashboard", {
  widgets: [[new cloudwatch.GraphWidget({ left: [service.metricCpuUtilization()] })]],
});
const queue = new sqs.Queue(stack, "Events", { enforceSSL: true });
for (const name of ["Deployments", "Tasks", "Certificates"])
  new events.Rule(stack, name, { eventPattern: { source: [`aws.${name.toLowerCase()}`] } }).addTarget(
    new targets.SqsQueue(queue),
  );
for (const name of ["Migrate", "Purge"])
  new lambda.Function(stack, name, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: lambda.Code.fromInline("exports.handler = async () => {}"),
    logGroup: log(name),
  });
app.synth();
