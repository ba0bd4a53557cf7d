import type { Rule } from "../../rule";
import acmNoWildcard from "./acm/acm-no-wildcard";
import apigatewayAuthorized from "./apigateway/apigateway-authorized";
import apigatewayLogs from "./apigateway/apigateway-logs";
import apigatewayTls12 from "./apigateway/apigateway-tls12";
import appsyncAuthorized from "./appsync/appsync-authorized";
import appsyncLogs from "./appsync/appsync-logs";
import athenaEncrypted from "./athena/athena-encrypted";
import cfHeaders from "./cloudfront/cf-headers";
import cfHttps from "./cloudfront/cf-https";
import cfLogs from "./cloudfront/cf-logs";
import cfOac from "./cloudfront/cf-oac";
import cfOriginHttps from "./cloudfront/cf-origin-https";
import cfTls12 from "./cloudfront/cf-tls12";
import cfWaf from "./cloudfront/cf-waf";
import trailComplete from "./cloudtrail/trail-complete";
import trailEncrypted from "./cloudtrail/trail-encrypted";
import alarmActions from "./cloudwatch/alarm-actions";
import logsRetention from "./cloudwatch/logs-retention";
import snsEncrypted from "./cloudwatch/sns-encrypted";
import codebuildUnprivileged from "./codebuild/codebuild-unprivileged";
import cognitoPassword from "./cognito/cognito-password";
import cognitoProtect from "./cognito/cognito-protect";
import dataPrivate from "./data/data-private";
import mskTls from "./data/msk-tls";
import dynamodbProtect from "./dynamodb/dynamodb-protect";
import dynamodbRecovery from "./dynamodb/dynamodb-recovery";
import ebsEncrypted from "./ec2/ebs-encrypted";
import ec2Imdsv2 from "./ec2/ec2-imdsv2";
import ec2PublicIp from "./ec2/ec2-public-ip";
import ec2UserDataSecrets from "./ec2/ec2-user-data-secrets";
import naclOpen from "./ec2/nacl-open";
import sgOpen from "./ec2/sg-open";
import shareNoAnyone from "./ec2/share-no-anyone";
import subnetPublicIp from "./ec2/subnet-public-ip";
import vpcDefaultGroup from "./ec2/vpc-default-group";
import vpcFlowLogs from "./ec2/vpc-flow-logs";
import ecrImmutable from "./ecr/ecr-immutable";
import ecrLifecycle from "./ecr/ecr-lifecycle";
import ecrScan from "./ecr/ecr-scan";
import ecsEfsTls from "./ecs/ecs-efs-tls";
import ecsExec from "./ecs/ecs-exec";
import ecsImageDigest from "./ecs/ecs-image-digest";
import ecsImage from "./ecs/ecs-image";
import ecsInsights from "./ecs/ecs-insights";
import ecsLogging from "./ecs/ecs-logging";
import ecsNoEnvSecrets from "./ecs/ecs-no-env-secrets";
import ecsNoHostNetwork from "./ecs/ecs-no-host-network";
import ecsNoHostPid from "./ecs/ecs-no-host-pid";
import ecsNoPublicIp from "./ecs/ecs-no-public-ip";
import ecsNonroot from "./ecs/ecs-nonroot";
import ecsReadonlyRootfs from "./ecs/ecs-readonly-rootfs";
import ecsRollback from "./ecs/ecs-rollback";
import ecsUnprivileged from "./ecs/ecs-unprivileged";
import efsEncrypted from "./efs/efs-encrypted";
import eksLogs from "./eks/eks-logs";
import eksPrivate from "./eks/eks-private";
import eksVersion from "./eks/eks-version";
import redisAuth from "./elasticache/redis-auth";
import redisBackup from "./elasticache/redis-backup";
import redisHa from "./elasticache/redis-ha";
import redisRest from "./elasticache/redis-rest";
import redisTransit from "./elasticache/redis-transit";
import redisUserPassword from "./elasticache/redis-user-password";
import iamAdminAttach from "./iam/iam-admin-attach";
import iamEscalation from "./iam/iam-escalation";
import iamNoAdmin from "./iam/iam-no-admin";
import iamNoServiceAdmin from "./iam/iam-no-service-admin";
import iamNoUsers from "./iam/iam-no-users";
import iamOidcSub from "./iam/iam-oidc-sub";
import iamPassRole from "./iam/iam-pass-role";
import iamReadEverything from "./iam/iam-read-everything";
import iamTrust from "./iam/iam-trust";
import lambdaPublic from "./iam/lambda-public";
import resourcePolicyNoAnyone from "./iam/resource-policy-no-anyone";
import firehoseEncrypted from "./kinesis/firehose-encrypted";
import kinesisEncrypted from "./kinesis/kinesis-encrypted";
import kmsRotate from "./kms/kms-rotate";
import lambdaEnvSecrets from "./lambda/lambda-env-secrets";
import lambdaRuntime from "./lambda/lambda-runtime";
import albDropHeaders from "./load-balancer/alb-drop-headers";
import albLogs from "./load-balancer/alb-logs";
import albProtect from "./load-balancer/alb-protect";
import albRedirect from "./load-balancer/alb-redirect";
import albTls12 from "./load-balancer/alb-tls12";
import albWaf from "./load-balancer/alb-waf";
import elbTls from "./load-balancer/elb-tls";
import opensearchEncrypted from "./opensearch/opensearch-encrypted";
import opensearchPrivate from "./opensearch/opensearch-private";
import opensearchTls from "./opensearch/opensearch-tls";
import dataProtect from "./rds/data-protect";
import rdsBackup from "./rds/rds-backup";
import rdsEncrypted from "./rds/rds-encrypted";
import rdsFinalSnapshot from "./rds/rds-final-snapshot";
import rdsForceSsl from "./rds/rds-force-ssl";
import rdsLogs from "./rds/rds-logs";
import rdsManagedPassword from "./rds/rds-managed-password";
import rdsMinorUpgrades from "./rds/rds-minor-upgrades";
import rdsMultiAz from "./rds/rds-multi-az";
import rdsPrivate from "./rds/rds-private";
import rdsProtect from "./rds/rds-protect";
import rdsProxyTls from "./rds/rds-proxy-tls";
import redshiftEncrypted from "./redshift/redshift-encrypted";
import redshiftLogs from "./redshift/redshift-logs";
import dnsLogs from "./route53/dns-logs";
import s3Acl from "./s3/s3-acl";
import s3Bpa from "./s3/s3-bpa";
import s3Tls from "./s3/s3-tls";
import smRecovery from "./secrets-manager/sm-recovery";
import smRotation from "./secrets-manager/sm-rotation";
import sqsEncrypted from "./sqs/sqs-encrypted";
import ssmSecureString from "./ssm/ssm-secure-string";
import wafLogs from "./waf/waf-logs";
import wafRules from "./waf/waf-rules";

export const awsRules: readonly Rule[] = [
  acmNoWildcard,
  apigatewayAuthorized,
  apigatewayLogs,
  apigatewayTls12,
  appsyncAuthorized,
  appsyncLogs,
  athenaEncrypted,
  cfHeaders,
  cfHttps,
  cfLogs,
  cfOac,
  cfOriginHttps,
  cfTls12,
  cfWaf,
  trailComplete,
  trailEncrypted,
  alarmActions,
  logsRetention,
  snsEncrypted,
  codebuildUnprivileged,
  cognitoPassword,
  cognitoProtect,
  dataPrivate,
  mskTls,
  dynamodbProtect,
  dynamodbRecovery,
  ebsEncrypted,
  ec2Imdsv2,
  ec2PublicIp,
  ec2UserDataSecrets,
  naclOpen,
  sgOpen,
  shareNoAnyone,
  subnetPublicIp,
  vpcDefaultGroup,
  vpcFlowLogs,
  ecrImmutable,
  ecrLifecycle,
  ecrScan,
  ecsEfsTls,
  ecsExec,
  ecsImageDigest,
  ecsImage,
  ecsInsights,
  ecsLogging,
  ecsNoEnvSecrets,
  ecsNoHostNetwork,
  ecsNoHostPid,
  ecsNoPublicIp,
  ecsNonroot,
  ecsReadonlyRootfs,
  ecsRollback,
  ecsUnprivileged,
  efsEncrypted,
  eksLogs,
  eksPrivate,
  eksVersion,
  redisAuth,
  redisBackup,
  redisHa,
  redisRest,
  redisTransit,
  redisUserPassword,
  iamAdminAttach,
  iamEscalation,
  iamNoAdmin,
  iamNoServiceAdmin,
  iamNoUsers,
  iamOidcSub,
  iamPassRole,
  iamReadEverything,
  iamTrust,
  lambdaPublic,
  resourcePolicyNoAnyone,
  firehoseEncrypted,
  kinesisEncrypted,
  kmsRotate,
  lambdaEnvSecrets,
  lambdaRuntime,
  albDropHeaders,
  albLogs,
  albProtect,
  albRedirect,
  albTls12,
  albWaf,
  elbTls,
  opensearchEncrypted,
  opensearchPrivate,
  opensearchTls,
  dataProtect,
  rdsBackup,
  rdsEncrypted,
  rdsFinalSnapshot,
  rdsForceSsl,
  rdsLogs,
  rdsManagedPassword,
  rdsMinorUpgrades,
  rdsMultiAz,
  rdsPrivate,
  rdsProtect,
  rdsProxyTls,
  redshiftEncrypted,
  redshiftLogs,
  dnsLogs,
  s3Acl,
  s3Bpa,
  s3Tls,
  smRecovery,
  smRotation,
  sqsEncrypted,
  ssmSecureString,
  wafLogs,
  wafRules,
];
