import type { Rule } from "../../rule";
import acmNoWildcard from "./acm/acm-no-wildcard";
import cfHeaders from "./cloudfront/cf-headers";
import cfHttps from "./cloudfront/cf-https";
import cfLogs from "./cloudfront/cf-logs";
import cfOac from "./cloudfront/cf-oac";
import cfOriginHttps from "./cloudfront/cf-origin-https";
import cfTls12 from "./cloudfront/cf-tls12";
import cfWaf from "./cloudfront/cf-waf";
import alarmActions from "./cloudwatch/alarm-actions";
import logsRetention from "./cloudwatch/logs-retention";
import snsEncrypted from "./cloudwatch/sns-encrypted";
import ec2Imdsv2 from "./ec2/ec2-imdsv2";
import sgOpen from "./ec2/sg-open";
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
import redisAuth from "./elasticache/redis-auth";
import redisBackup from "./elasticache/redis-backup";
import redisHa from "./elasticache/redis-ha";
import redisRest from "./elasticache/redis-rest";
import redisTransit from "./elasticache/redis-transit";
import iamAdminAttach from "./iam/iam-admin-attach";
import iamNoAdmin from "./iam/iam-no-admin";
import iamNoServiceAdmin from "./iam/iam-no-service-admin";
import iamNoUsers from "./iam/iam-no-users";
import iamOidcSub from "./iam/iam-oidc-sub";
import iamPassRole from "./iam/iam-pass-role";
import iamTrust from "./iam/iam-trust";
import lambdaPublic from "./iam/lambda-public";
import resourcePolicyNoAnyone from "./iam/resource-policy-no-anyone";
import kmsRotate from "./kms/kms-rotate";
import albDropHeaders from "./load-balancer/alb-drop-headers";
import albLogs from "./load-balancer/alb-logs";
import albProtect from "./load-balancer/alb-protect";
import albRedirect from "./load-balancer/alb-redirect";
import albTls12 from "./load-balancer/alb-tls12";
import albWaf from "./load-balancer/alb-waf";
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
import dnsLogs from "./route53/dns-logs";
import s3Acl from "./s3/s3-acl";
import s3Bpa from "./s3/s3-bpa";
import s3Tls from "./s3/s3-tls";
import smRecovery from "./secrets-manager/sm-recovery";
import smRotation from "./secrets-manager/sm-rotation";
import wafLogs from "./waf/waf-logs";
import wafRules from "./waf/waf-rules";

export const awsRules: readonly Rule[] = [
  acmNoWildcard,
  cfHeaders,
  cfHttps,
  cfLogs,
  cfOac,
  cfOriginHttps,
  cfTls12,
  cfWaf,
  alarmActions,
  logsRetention,
  snsEncrypted,
  ec2Imdsv2,
  sgOpen,
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
  redisAuth,
  redisBackup,
  redisHa,
  redisRest,
  redisTransit,
  iamAdminAttach,
  iamNoAdmin,
  iamNoServiceAdmin,
  iamNoUsers,
  iamOidcSub,
  iamPassRole,
  iamTrust,
  lambdaPublic,
  resourcePolicyNoAnyone,
  kmsRotate,
  albDropHeaders,
  albLogs,
  albProtect,
  albRedirect,
  albTls12,
  albWaf,
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
  dnsLogs,
  s3Acl,
  s3Bpa,
  s3Tls,
  smRecovery,
  smRotation,
  wafLogs,
  wafRules,
];
