/** The components for AWS: `import { ... } from "slipway/aws"`. */
import "./shared/sdks/aws";

export { AwsElastiCache, type AwsElastiCacheArgs, type AwsExistingElastiCacheArgs } from "./cache/aws/elasticache";
export {
  AwsBackupPlan,
  type AwsBackupCopyAction,
  type AwsBackupPlanArgs,
  type AwsBackupVaultLock,
} from "./backup/aws-backup-plan";
export { AwsAccessLog, type AwsAccessLogArgs } from "./cdn/aws/access-log";
export { AwsCloudFront, type AwsCloudFrontArgs } from "./cdn/aws/cloudfront";
export { AwsStaticAssets, type AwsStaticAssetsArgs } from "./cdn/aws/static-assets";
export {
  AwsCertificate,
  type AwsCertificateArgs,
  type AwsExistingCertificateArgs,
} from "./certificate/aws-certificate";
export { type AwsExistingAuroraArgs } from "./database/aws/aurora-existing";
export { AwsAuroraServerlessV2, type AwsAuroraServerlessV2Args } from "./database/aws/aurora-serverless-v2";
export { AwsRdsPostgres, type AwsRdsPostgresArgs } from "./database/aws/rds-postgres";
export { type AwsExistingRdsArgs } from "./database/aws/rds-existing";
export { AwsRdsProxy, type AwsRdsProxyArgs } from "./database/aws/rds-proxy";
export { ExternalPostgres, type ExternalPostgresArgs } from "./database/external-postgres";
export { AwsEncryptionKey, type AwsEncryptionKeyArgs } from "./encryption/aws-encryption-key";
export { AwsWebAcl, type AwsWebAclArgs } from "./firewall/aws-web-acl";
export { AwsEcrImage, type AwsEcrImageArgs } from "./image/aws-ecr-image";
export {
  AwsLoadBalancer,
  type AwsExistingLoadBalancerArgs,
  type AwsLoadBalancerArgs,
} from "./ingress/aws-load-balancer";
export { AwsAlertTopic, type AwsAlertTopicArgs } from "./monitoring/aws/alert-topic";
export { AwsBackupAlarm, type AwsBackupAlarmArgs } from "./monitoring/aws/backup-alarm";
export { AwsBudget, type AwsBudgetArgs } from "./monitoring/aws/budget";
export { AwsCloudWatch, type AwsCloudWatchArgs } from "./monitoring/aws/cloudwatch";
export { AwsErrorLog, type AwsErrorLogArgs } from "./monitoring/aws/error-log";
export { AwsHealthChecks, type AwsHealthCheck, type AwsHealthChecksArgs } from "./monitoring/aws/health-checks";
export { AwsWebhook, type AwsWebhookArgs } from "./monitoring/aws/webhook";
export { AwsNatInstance, type AwsNatInstanceArgs } from "./network/aws-nat-instance";
export { AwsVpc, type AwsExistingVpcArgs, type AwsVpcArgs } from "./network/aws-vpc";
export { AwsGithubActions, type AwsGithubActionsArgs } from "./pipeline/aws-github-actions";
export { AwsSecretsManager, type AwsSecretsManagerArgs } from "./secrets/aws-secrets-manager";
export { AwsPrivateBucket, type AwsPrivateBucketArgs } from "./shared/aws-private-bucket";
export { AwsS3Storage, type AwsExistingBucketArgs, type AwsS3StorageArgs } from "./storage/aws-s3-storage";
export { AwsCluster, type AwsClusterArgs, type EcsCluster } from "./workload/aws/cluster";
export { AwsConnect, type AwsConnectArgs } from "./workload/aws/connect";
export { AwsService, type AwsServiceArgs } from "./workload/aws/service";
export type { ApplicationLoadBalancer } from "./ingress/aws-shared-load-balancer";
export { type AwsIngress } from "./ingress/aws-target-groups";
export { awsArn } from "./shared/aws-region";
export { policyDocument, type Statement } from "./shared/aws-policy-document";
export { AwsJob, type AwsJobArgs } from "./workload/aws/job";
export { AwsMigration, type AwsMigrationArgs } from "./workload/aws/migration";
export { AwsCachePurge, type AwsCachePurgeArgs } from "./cdn/aws/cache-purge";
export type { AwsNetwork } from "./network/contract";
export type { Database } from "./database/contract";
export type { Cache } from "./cache/contract";
export type { Ingress } from "./ingress/contract";
export type { Process, ReleaseStrategy } from "./workload/contract";
export type { SecretRef, SecretSource } from "./secrets/contract";
export type { SignalSource, Thresholds } from "./monitoring/contract";
export type { Environment } from "./shared/environment";
export type { ChildTransforms, Transform } from "./shared/transform";
