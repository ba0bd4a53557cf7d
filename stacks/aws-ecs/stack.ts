import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AwsElastiCache } from "../../components/cache/aws/elasticache";
import { AwsBackupPlan } from "../../components/backup/aws-backup-plan";
import { AwsCachePurge } from "../../components/cdn/aws/cache-purge";
import { AwsCloudFront, originName } from "../../components/cdn/aws/cloudfront";
import { AwsStaticAssets } from "../../components/cdn/aws/static-assets";
import { AwsCertificate } from "../../components/certificate/aws-certificate";
import { AwsLoadBalancer } from "../../components/ingress/aws-load-balancer";
import { AwsCluster, type EcsCluster } from "../../components/workload/aws/cluster";
import { formerService } from "../../components/workload/aws/former";
import { AwsConnect } from "../../components/workload/aws/connect";
import { AwsJob } from "../../components/workload/aws/job";
import { AwsService } from "../../components/workload/aws/service";
import { AwsAuroraServerlessV2 } from "../../components/database/aws/aurora-serverless-v2";
import { AwsRdsPostgres } from "../../components/database/aws/rds-postgres";
import { AwsEncryptionKey } from "../../components/encryption/aws-encryption-key";
import { AwsEcrImage } from "../../components/image/aws-ecr-image";
import { AwsAlertTopic } from "../../components/monitoring/aws/alert-topic";
import { AwsBudget } from "../../components/monitoring/aws/budget";
import { AwsCloudWatch } from "../../components/monitoring/aws/cloudwatch";
import { AwsErrorLog } from "../../components/monitoring/aws/error-log";
import { AwsHealthChecks } from "../../components/monitoring/aws/health-checks";
import { AwsVpc } from "../../components/network/aws-vpc";
import type { AwsNetwork } from "../../components/network/contract";
import { AwsGithubActions } from "../../components/pipeline/aws-github-actions";
import { isSecretRef } from "../../components/secrets/contract";
import { AwsSecretsManager } from "../../components/secrets/aws-secrets-manager";
import { AwsS3Storage, mayUseObjects } from "../../components/storage/aws-s3-storage";
import { awsArn } from "../../components/shared/aws-region";
import { tagged } from "../../components/shared/aws-tags";
import {
  applicationEnvironment,
  auroraArgs,
  buildSecrets,
  databaseArgs,
  eachOf,
  rdsArgs,
  healthUrl,
  imageSource,
  assetPath,
  ingressArgs,
  processArgs,
  secretSources,
  serviceArgs,
  startsOf,
} from "../application";
import { databaseRoles } from "../database-roles";
import { errorPageAt } from "../error-page";
import type { StackOutputs } from "../outputs";
import { existingCache, existingDatabase, existingStorage, given, type Part, merge } from "../parts";
import { cacheAccess } from "./cache-access";
import { backupPlanArgs } from "./backup-plan";
import { syntheticChecks } from "./checks";
import { outboundPorts } from "./egress";
import { existingLoadBalancer, existingNetwork, letIn, ownerOf, placeAmongOthers, type SharedParts } from "./existing";
import { isRds } from "../settings/sections/database";
import type { AwsEcsSettings } from "../settings/settings";
import { ecsRotations } from "./rotations";

/** They notify as parts of composite alarms. */
function releaseAlarmsOf({ nodes: { releaseAlarms } }: AwsService) {
  return releaseAlarms && { errors: releaseAlarms.errors.name, latency: releaseAlarms.latency.name };
}

/** Amazon ECS on Fargate, with RDS, ElastiCache and CloudFront. docs/aws.md says what it creates and what it costs. */
export function awsEcs(settings: AwsEcsSettings): StackOutputs {
  const region = new pulumi.Config("aws").require("region");
  const { domain, monitoring, tls } = settings;
  const { compositeAlarms, logRetentionDays } = monitoring;
  const { protect } = settings.database;
  const { redirectFrom = [] } = settings.network;
  const cdn = settings.cdn.implementation === "cloudfront";
  // What is made many times and destroyed as often leaves nothing behind that is paid for.
  const { mode, ...limits } = settings.firewall;
  const firewall = mode === "none" ? ("none" as const) : { mode, ...limits, assetPath: assetPath(settings) };
  const throwAway = settings.preset === "development" && !protect;

  const { github, permissionsBoundary } = settings.aws;
  const name = `${pulumi.getProject()}-${pulumi.getStack()}`;
  const of = (component: string) => tagged({ stack: name, component, permissionsBoundary });

  const checked = syntheticChecks(settings, region);
  // Alarms of CloudFront and of Route 53 are in us-east-1.
  const key = new AwsEncryptionKey("key", { region, edge: cdn || checked.length > 0, protect }, of("key"));
  const keyArn = key.arn;
  const owner = ownerOf(settings);
  const network: AwsNetwork = existingNetwork(settings, owner, of("network")) ?? createVpc();
  const inside = {
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    clientSecurityGroupIds: [network.applicationSecurityGroupId],
    logRetentionDays,
    keyArn,
  };
  const image = new AwsEcrImage(
    "image",
    {
      source: imageSource(settings),
      platform: settings.service.platform,
      keepImages: settings.build?.keepImages,
      protect,
      buildSecrets: settings.build && buildSecrets(settings, "image"),
    },
    of("image"),
  );
  const secrets = new AwsSecretsManager(
    "secrets",
    {
      secrets: secretSources(settings),
      keyArn,
      recoveryWindowDays: settings.aws.secretRecoveryDays ?? (throwAway ? 0 : undefined),
    },
    of("secrets"),
  );
  const database = createDatabase();
  const cache = createCache();
  const storage = createStorage();
  const backups = createBackupPlan();
  const { basePath } = settings.service;
  const assets = cdn
    ? new AwsStaticAssets(
        "assets",
        {
          region,
          retentionDays: settings.cdn.assetRetentionDays,
          basePath,
          errorPage: errorPageAt("cdn.errorPage", settings.cdn.errorPage, 1024),
        },
        of("assets"),
      )
    : undefined;
  const certificate = createCertificate();
  const alerts = new AwsAlertTopic("alerts", { keyArn, emails: monitoring.emails, events: true }, of("alerts"));
  const { platform, schedules, spotPercent = 0 } = settings.service;
  const application = merge(database, cache, storage, assets);

  const { domain: host, port, health, release, migration, ...process } = serviceArgs(settings);
  const cluster = createCluster();
  const taken = existingLoadBalancer(settings, owner, of("web-alb"));
  const loadBalancer = taken ?? createLoadBalancer();
  const { environment, migrationEnvironment } = databaseRoles(
    settings,
    { ...applicationEnvironment(settings), ...application.environment, ...secrets.refs },
    database.environment,
  );
  const task = {
    cluster,
    platform,
    repositoryArn: image.repositoryArn,
    pullCredentialsArn: settings.aws.imagePullSecret,
    permissions: merge(database, cache, storage).permissions,
  };
  const publishes = assets !== undefined && health.platform !== false;
  const edge = createCdn();
  const invalidates = edgeInvalidation();
  const service = new AwsService(
    "web",
    {
      ...task,
      // Who writes there decides what runs in every browser: nothing else than the step that publishes may.
      permissions: [...(publishes ? application.permissions : task.permissions), ...(invalidates?.permissions ?? [])],
      process: { ...process, image, environment: { ...environment, ...invalidates?.environment } },
      // CloudFront also calls by the name of its origin.
      ingress: {
        domain: host,
        // With CloudFront in front they never come this far.
        redirectFrom: cdn ? [] : redirectFrom,
        port,
        // A database that is lost is lost for every task: to replace them all would take the cached pages away too.
        health: health.platform === false ? health : { ...health, readyPath: `${health.readyPath}?for=routing` },
        loadBalancer,
        hosts: "any",
        ...(taken && placeAmongOthers(settings, certificate.arn)),
        hostedZoneId: tls.hostedZoneId,
        overwriteRecords: tls.overwriteRecords,
      },
      release,
      migration,
      migrationEnvironment,
      spotPercent,
      schedules,
      publishAssets: publishes ? ["node", "publish-assets.js"] : undefined,
      rollbackAbove: monitoring,
      alarmTopicArn: compositeAlarms ? undefined : alerts.arn,
    },
    of("web"),
  );
  // After the release: when that fails, the previous one goes on whole.
  const after = (component: string) => pulumi.mergeOptions(of(component), { dependsOn: [service] });
  const workers = eachOf(
    settings.workers,
    (name, worker) =>
      new AwsService(
        `worker-${name}`,
        { ...task, process: { ...processArgs(settings, worker), image, environment } },
        after(`worker-${name}`),
      ),
  );
  const jobs = eachOf(
    settings.jobs,
    (name, { cron, timeoutMinutes, ...job }) =>
      new AwsJob(
        `job-${name}`,
        { ...task, process: { ...processArgs(settings, job), image, environment }, cron, timeoutMinutes },
        after(`job-${name}`),
      ),
  );
  emptyCacheWithReleases();
  const checks =
    checked.length === 0 ? undefined : new AwsHealthChecks("checks", { domain, checks: checked }, after("checks"));
  // What a plain image logs, and how, is not known.
  const errorLogs =
    health.platform === false
      ? []
      : [
          logged("web", service),
          ...Object.keys(settings.workers).map((name, index) => logged(`worker-${name}`, workers[index]!)),
        ];
  const watch = new AwsCloudWatch(
    "monitoring",
    {
      region,
      sources: [
        // Of a load balancer that others use too its owner hears.
        ...service.signals.filter(({ kind }) => taken === undefined || kind !== "ingress"),
        ...[...workers, ...jobs].flatMap(({ signals }) => signals),
        ...application.signals,
        ...(backups?.signals ?? []),
        ...certificate.signals,
        ...(edge?.signals ?? []),
        ...(checks?.signals ?? []),
        ...errorLogs.flatMap(({ signals }) => signals),
      ],
      thresholds: monitoring,
      notify: monitoring,
      topicArn: alerts.arn,
      domain,
      dashboard: monitoring.dashboard,
      compositeAlarms,
      releaseAlarms: compositeAlarms ? releaseAlarmsOf(service) : undefined,
      edgeKeyArn: key.edgeArn,
    },
    of("monitoring"),
  );

  if (monitoring.budgetUsd !== undefined) {
    const { budgetUsd: usd, emails } = monitoring;
    new AwsBudget("budget", { usd, stack: name, emails }, of("budget"));
  }
  const pipelines = createPipelines();
  const shared = createShared();
  const connect = createConnect();
  const url = edge?.url ?? service.url!;
  return {
    url,
    health: healthUrl(settings, url),
    dashboard: watch.dashboard,
    logs: service.logs,
    rollback: service.rollback,
    ...(database.restore && { restore: database.restore }),
    ...startsOf(settings, jobs),
    ...(shared && { shared }),
    ...(pipelines && { roles: pulumi.output(pipelines.roleArns) }),
    operations: pulumi.output({
      target: "aws-ecs",
      region,
      ...(connect && { connect }),
      cluster: cluster.name,
      service: service.nodes.service.name,
      logGroup: service.nodes.logGroup.name,
      container: "server",
      image: settings.image ?? image.reference,
      ...(database.identifier && { backups: { instance: database.identifier } }),
      ...(database.clusterIdentifier && { backups: { cluster: database.clusterIdentifier } }),
      rotations: ecsRotations(settings, database.identifier, database.clusterIdentifier),
    } as const),
    ...(service.testHeader === undefined ? {} : { testHeader: service.testHeader }),
  };

  function logged(process: string, { nodes: { logGroup } }: AwsService): AwsErrorLog {
    return new AwsErrorLog(`${process}-log`, { logGroupName: logGroup.name }, of(process));
  }

  function createVpc(): AwsVpc {
    const { cidr, endpoints, ipv6, nat, zoneIds, zones } = settings.network;
    return new AwsVpc(
      "network",
      {
        ...{ cidr, endpoints, ipv6, nat, zoneIds, zones, region, logRetentionDays, keyArn },
        outboundPorts: outboundPorts(settings),
      },
      of("network"),
    );
  }

  function createCluster(): EcsCluster {
    const args = { network, region, keyArn, logRetentionDays };
    const { arn } = settings.cluster;
    if (arn !== undefined) return AwsCluster.get("web", { ...args, clusterName: arn.split("/").at(-1)! });
    return new AwsCluster("web", { ...args, spot: spotPercent > 0, sessions: settings.aws.connect }, of("web"));
  }

  function createLoadBalancer(): AwsLoadBalancer {
    return new AwsLoadBalancer(
      "web-alb",
      {
        network,
        exposure: cdn ? "cloudfront" : "internet",
        ipv6: settings.network.ipv6,
        certificateArn: certificate.arn,
        logRetentionDays,
        keyArn,
        firewall,
        protect,
      },
      { ...of("web-alb"), aliases: [{ parent: formerService("web") }] },
    );
  }

  /** What other stacks need of this one that share its VPC and load balancer. */
  function createShared(): pulumi.Output<SharedParts> | undefined {
    if (taken !== undefined) return undefined;
    const { isolatedSubnetIds, privateSubnetIds, publicSubnetIds, vpcId } = network;
    return pulumi.output({
      ...{ vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds },
      loadBalancerArn: loadBalancer.arn,
      exposure: loadBalancer.exposure,
      ...(edge && { vpcOriginId: edge.vpcOriginId }),
    });
  }

  function createDatabase(): Part {
    const { databaseName, identifier, passwordSecretArn, securityGroupId, url } = settings.database;
    const port = url === undefined ? 5432 : Number(new URL(url).port || 5432);
    letIn("database", securityGroupId, port, network, of("database"));
    switch (settings.database.implementation) {
      case "rds":
        return identifier === undefined
          ? new AwsRdsPostgres(
              "database",
              { ...databaseArgs(settings), ...inside, ...rdsArgs(settings) },
              of("database"),
            )
          : AwsRdsPostgres.get("database", { identifier, databaseName, passwordSecretArn });
      case "aurora-serverless-v2": {
        const readers = settings.database.readReplicas > 0;
        return identifier === undefined
          ? new AwsAuroraServerlessV2("database", { ...inside, ...auroraArgs(settings) }, of("database"))
          : AwsAuroraServerlessV2.get("database", {
              ...{ clusterIdentifier: identifier, databaseName, passwordSecretArn, readers },
            });
      }
      default:
        return existingDatabase("database", settings, secrets);
    }
  }

  function createCache(): Part {
    const { implementation, nodeType, securityGroupId, standby, url } = settings.cache;
    letIn("cache", securityGroupId, url === undefined ? 6379 : Number(new URL(url).port || 6379), network, of("cache"));
    return implementation === "elasticache"
      ? new AwsElastiCache("cache", { ...inside, nodeType, standby, accessString: cacheAccess(settings) }, of("cache"))
      : existingCache(settings);
  }

  function createStorage(): Part & Partial<Pick<AwsS3Storage, "bucket">> {
    const { bucket, implementation, noncurrentDays } = settings.storage;
    if (implementation === "s3") return new AwsS3Storage("storage", { region, protect, noncurrentDays }, of("storage"));
    const { environment } = existingStorage(settings, settings.storage.region ?? region);
    // Without keys of its own the application opens the bucket by the role of its task.
    const byRole = bucket !== undefined && settings.secrets["STORAGE_ACCESS_KEY_ID"] === undefined;
    return { environment, permissions: byRole ? mayUseObjects(awsArn(`s3:::${bucket}`, region)) : [] };
  }

  /** Of what the stack has of its own; that a bucket of others is versioned, as AWS Backup asks, nobody knows here. */
  function createBackupPlan(): AwsBackupPlan | undefined {
    const { backupPlan } = settings.aws;
    if (backupPlan === undefined) return undefined;
    const { accountId } = aws.getCallerIdentityOutput({});
    const { identifier, implementation } = settings.database;
    const server = identifier ?? database.clusterIdentifier ?? database.identifier;
    const kind = implementation === "rds" ? "db" : "cluster";
    const resources = [
      ...(server === undefined
        ? []
        : [awsArn(pulumi.interpolate`rds:${region}:${accountId}:${kind}:${server}`, region)]),
      ...(storage.bucket === undefined ? [] : [awsArn(pulumi.interpolate`s3:::${storage.bucket}`, region)]),
    ];
    return new AwsBackupPlan(
      "backup",
      { ...backupPlanArgs(backupPlan, settings), resources, keyArn, protect, region },
      of("backup"),
    );
  }

  function createCertificate(): Pick<AwsCertificate, "arn" | "edgeArn" | "signals"> {
    const { cdnCertificateArn, certificateArn, hostedZoneId } = tls;
    const names = [domain, ...(cdn ? [originName(domain)] : []), ...redirectFrom];
    if (hostedZoneId !== undefined)
      return new AwsCertificate("certificate", { region, names, hostedZoneId, edge: cdn }, of("certificate"));
    // Nobody here renews them: an imported one ends, and one whose record in DNS is gone is not renewed.
    return AwsCertificate.get("certificate", {
      region,
      arn: given(certificateArn, "tls.certificateArn"),
      edgeArn: cdnCertificateArn,
    });
  }

  function createCdn(): AwsCloudFront | undefined {
    if (assets === undefined) return undefined;
    const { hostedZoneId } = tls;
    const certificateArn = given(certificate.edgeArn, "tls.cdnCertificateArn");
    const { hstsIncludeSubdomains, overwriteRecords } = tls;
    return new AwsCloudFront(
      "cdn",
      {
        domain,
        basePath,
        redirectFrom,
        assets,
        loadBalancer,
        certificateArn,
        hostedZoneId,
        vpcOriginId: owner?.apply(({ vpcOriginId }) => given(vpcOriginId, "shared")),
        firewall,
        edgeKeyArn: key.edgeArn,
        priceClass: settings.cdn.priceClass,
        maxPageAgeSeconds: settings.cdn.maxPageAgeSeconds,
        publicPaths: settings.cdn.publicPaths,
        publicMaxAgeSeconds: settings.cdn.publicMaxAgeSeconds,
        hstsIncludeSubdomains,
        overwriteRecords,
        logRetentionDays,
        ...ingressArgs(settings),
      },
      of("cdn"),
    );
  }

  function createConnect() {
    const sessions = "sessions" in cluster ? (cluster as AwsCluster).sessions : undefined;
    if (sessions === undefined) return undefined;
    const size = { cpuMillis: 250, memoryMb: 512 };
    const { family, container } = new AwsConnect(
      "connect",
      // A command of the image's own would serve; that of a plain image may be the only program in it.
      {
        ...task,
        process: {
          ...process,
          command: health.platform === false ? ["sleep", "3600"] : undefined,
          size,
          image,
          environment,
        },
        sessions,
      },
      of("connect"),
    );
    // Its owner's, where the application has a role of its own: a person may change tables.
    const { DATABASE_SECRET_ARN: secret, DATABASE_URL: url } = application.environment;
    return {
      ...{ task: family, container, log: sessions.name, subnetIds: network.privateSubnetIds },
      securityGroupId: network.applicationSecurityGroupId,
      ...(url !== undefined &&
        !isSecretRef(url) && {
          database: { url, ...(isSecretRef(secret) && "arn" in secret && { secretArn: secret.arn }) },
        }),
    };
  }

  function createPipelines(): AwsGithubActions | undefined {
    if (github === undefined) return undefined;
    const { branch, environments, providerArn, repository, stateBucket: bucket, stateKeyArn: keyArn } = github;
    const stack = pulumi.getStack();
    // Those of .github/workflows.
    const own = {
      preview: "live-preview",
      drift: `drift-${stack}`,
      deploy: stack,
      ...(isRds(settings.database.implementation) && { drill: `drill-${stack}` }),
    };
    return new AwsGithubActions(
      "github",
      {
        ...{ repository, branch, providerArn, region, permissionsBoundary, rolePrefix: name, stack: name },
        environments: { ...own, ...environments },
        database: settings.database.implementation === "aurora-serverless-v2" ? "cluster" : undefined,
        state: { bucket, keyArn },
      },
      of("github"),
    );
  }

  /** By which `revalidateTag` and `revalidatePath` reach CloudFront; its API has no endpoint in a VPC. */
  function edgeInvalidation(): Required<Pick<Part, "environment" | "permissions">> | undefined {
    const { invalidationPathsPerDay = 100 } = settings.cdn;
    if (edge === undefined || health.platform === false || invalidationPathsPerDay === 0) return undefined;
    if (settings.network.nat === "none") return undefined;
    const { arn, id } = edge.nodes.distribution;
    return {
      environment: {
        CLOUDFRONT_DISTRIBUTION_ID: id,
        CLOUDFRONT_INVALIDATION_PATHS_PER_DAY: String(invalidationPathsPerDay),
      },
      permissions: [{ Effect: "Allow", Action: "cloudfront:CreateInvalidation", Resource: arn }],
    };
  }

  function emptyCacheWithReleases(): void {
    if (edge === undefined) return;
    const { arn, id } = edge.nodes.distribution;
    new AwsCachePurge(
      "cdn-purge",
      {
        distribution: { arn, id },
        service: { clusterName: cluster.name, name: service.nodes.service.name },
        keyArn,
        logRetentionDays,
      },
      of("cdn-purge"),
    );
  }
}
