import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/aws-policy-document";
import { awsArn } from "../shared/aws-region";

export interface Access {
  readonly region: string;
  readonly accountId: pulumi.Output<string>;
  /** Value of the tag `stack`. */
  readonly stack: string;
  readonly state: { readonly bucket?: string; readonly keyArn?: string };
  readonly permissionsBoundary?: string;
  /** What the deployment must not change: its own roles, and who may take them. */
  readonly guarded: readonly pulumi.Output<string>[];
}

/**
 * What providers ask to know what is there: descriptions, policies and tags, never the content of an object, a log, a table or
 * a queue.
 */
const seeing: readonly string[] = [
  ...["acm:DescribeCertificate", "acm:ListTagsForCertificate"],
  ...["application-autoscaling:Describe*", "application-autoscaling:ListTagsForResource"],
  ...["budgets:Describe*", "budgets:View*", "budgets:ListTagsForResource"],
  ...["backup:Describe*", "backup:Get*", "backup:List*"],
  ...["cloudfront:Describe*", "cloudfront:Get*", "cloudfront:List*"],
  ...["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"],
  "ec2:Describe*",
  ...["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"],
  ...["ecs:Describe*", "ecs:List*"],
  ...["elasticache:Describe*", "elasticache:ListTagsForResource"],
  "elasticloadbalancing:Describe*",
  ...["events:Describe*", "events:List*"],
  ...["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"],
  ...["iam:GetOpenIDConnectProvider", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListInstanceProfilesForRole"],
  ...["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags"],
  ...["lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetPolicy", "lambda:List*"],
  ...["logs:Describe*", "logs:ListTagsForResource", "logs:GetDelivery*"],
  ...["rds:Describe*", "rds:ListTagsForResource"],
  ...["route53:Get*", "route53:List*"],
  ...[
    "s3:GetAccelerateConfiguration",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
  ],
  ...["s3:GetReplicationConfiguration", "s3:ListAllMyBuckets", "s3:ListTagsForResource"],
  ...["scheduler:Get*", "scheduler:ListTagsForResource"],
  ...["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
  ...["sns:Get*", "sns:List*", "sqs:GetQueueAttributes", "sqs:ListQueueTags"],
  ...["sts:GetCallerIdentity", "tag:GetResources"],
  ...["wafv2:Get*", "wafv2:List*"],
];

/** What a stack is made of, made and unmade. Data in it, people and their keys are not among it. */
const changing: readonly string[] = [
  ...["acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RequestCertificate"],
  ...["application-autoscaling:Delete*", "application-autoscaling:Deregister*", "application-autoscaling:Put*"],
  ...["application-autoscaling:Register*", "application-autoscaling:TagResource"],
  ...["budgets:ModifyBudget", "budgets:TagResource"],
  ...["backup:Create*", "backup:Delete*", "backup:Put*", "backup:TagResource", "backup:Update*"],
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
  "backup-storage:MountCapsule",
  ...[
    "cloudfront:Create*",
    "cloudfront:Delete*",
    "cloudfront:PublishFunction",
    "cloudfront:TagResource",
    "cloudfront:Update*",
  ],
  ...["cloudfront:AllowVendedLogDeliveryForResource"],
  ...["cloudwatch:Delete*", "cloudwatch:Put*", "cloudwatch:TagResource"],
  ...["ec2:AllocateAddress", "ec2:Associate*", "ec2:AttachInternetGateway", "ec2:Authorize*", "ec2:CreateFlowLogs"],
  ...[
    "ec2:CreateInternetGateway",
    "ec2:CreateNatGateway",
    "ec2:CreateRoute*",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSubnet",
  ],
  ...["ec2:CreateTags", "ec2:CreateVpc*", "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway"],
  ...["ec2:DeleteRoute*", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpc*"],
  ...["ec2:DetachInternetGateway", "ec2:Disassociate*", "ec2:ModifyInstance*", "ec2:ModifySecurityGroupRules"],
  ...["ec2:ModifySubnetAttribute", "ec2:ModifyVpc*", "ec2:ReleaseAddress", "ec2:ReplaceRoute*", "ec2:Revoke*"],
  ...["ec2:RunInstances", "ec2:TerminateInstances"],
  ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:CreateRepository"],
  ...["ecr:DeleteLifecyclePolicy", "ecr:DeleteRepository", "ecr:GetAuthorizationToken", "ecr:InitiateLayerUpload"],
  ...["ecr:PutImage*", "ecr:PutLifecyclePolicy", "ecr:TagResource", "ecr:UploadLayerPart"],
  ...[
    "ecs:CreateCluster",
    "ecs:CreateService",
    "ecs:DeleteCluster",
    "ecs:DeleteService",
    "ecs:DeregisterTaskDefinition",
  ],
  ...["ecs:PutClusterCapacityProviders", "ecs:RegisterTaskDefinition", "ecs:StopServiceDeployment", "ecs:TagResource"],
  ...["ecs:UntagResource", "ecs:UpdateCluster*", "ecs:UpdateService"],
  ...["elasticache:AddTagsToResource", "elasticache:Create*", "elasticache:Delete*", "elasticache:Modify*"],
  ...["elasticloadbalancing:Add*", "elasticloadbalancing:Create*", "elasticloadbalancing:Delete*"],
  ...["elasticloadbalancing:Modify*", "elasticloadbalancing:Remove*", "elasticloadbalancing:Set*"],
  ...[
    "events:CreateApiDestination",
    "events:CreateConnection",
    "events:Delete*",
    "events:Put*",
    "events:RemoveTargets",
  ],
  ...["events:TagResource", "events:UpdateApiDestination", "events:UpdateConnection"],
  ...[
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
  ],
  ...["kms:ReplicateKey", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UpdateAlias"],
  ...["logs:AssociateKmsKey", "logs:Create*", "logs:DeleteDelivery*", "logs:DeleteLogGroup", "logs:DeleteMetricFilter"],
  ...["logs:PutDelivery*", "logs:PutMetricFilter", "logs:PutRetentionPolicy", "logs:TagResource"],
  ...[
    "rds:AddTagsToResource",
    "rds:Create*",
    "rds:Delete*",
    "rds:Modify*",
    "rds:PromoteReadReplica",
    "rds:RebootDBInstance",
  ],
  ...["rds:RegisterDBProxyTargets", "rds:RemoveTagsFromResource"],
  ...["route53:ChangeResourceRecordSets", "route53:ChangeTagsForResource", "route53:CreateHealthCheck"],
  ...["route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
  ...[
    "s3:CreateBucket",
    "s3:DeleteBucket*",
    "s3:PutBucket*",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
  ],
  ...["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
  ...["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
  ...[
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
    "sns:TagResource",
    "sns:Unsubscribe",
  ],
  ...["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"],
  ...["wafv2:AssociateWebACL", "wafv2:CreateWebACL", "wafv2:DeleteLoggingConfiguration", "wafv2:DeleteWebACL"],
  ...["wafv2:DisassociateWebACL", "wafv2:PutLoggingConfiguration", "wafv2:TagResource", "wafv2:UpdateWebACL"],
];

/** Services that take a role of the stack to act in its place. */
const passedTo = [
  "ecs.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "backup.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** Everything but data; with `secrets` also the values of the stack's own, which Pulumi compares when it refreshes. */
export function maySeeEverything(access: Access, { secrets = false } = {}): Statement[] {
  return [
    { Effect: "Allow", Action: seeing, Resource: "*" },
    // Parameters that AWS publishes for everybody.
    {
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: awsArn(`ssm:${access.region}::parameter/aws/service/*`, access.region),
    },
    ...(secrets
      ? [
          {
            Effect: "Allow" as const,
            Action: ["secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"],
            Resource: "*",
            Condition: ofStack(access),
          },
          {
            Effect: "Allow" as const,
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "*",
            Condition: ofStack(access),
          },
        ]
      : []),
  ];
}

/** State in a bucket. In Pulumi Cloud there is nothing to allow. */
export function mayReadState({ region, state: { bucket, keyArn } }: Access, { write = false } = {}): Statement[] {
  return [
    ...(bucket === undefined
      ? []
      : [
          { Effect: "Allow" as const, Action: "s3:ListBucket", Resource: awsArn(`s3:::${bucket}`, region) },
          {
            Effect: "Allow" as const,
            Action: write ? ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] : "s3:GetObject",
            Resource: awsArn(`s3:::${bucket}/*`, region),
          },
        ]),
    ...(keyArn === undefined
      ? []
      : [
          {
            Effect: "Allow" as const,
            Action: write ? ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"] : "kms:Decrypt",
            Resource: keyArn,
          },
        ]),
  ];
}

/** In two documents, as one of this size is refused. */
export function mayChangeEverything(access: Access): Statement[][] {
  const { accountId, guarded, permissionsBoundary, region } = access;
  const roles = awsArn(pulumi.interpolate`iam::${accountId}:role/*`, region);
  const bounded: Record<string, string> =
    permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": permissionsBoundary };
  return [
    [{ Effect: "Allow", Action: changing, Resource: "*" }],
    [
      {
        Effect: "Allow",
        Action: ["secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"],
        Resource: "*",
        Condition: ofStack(access),
      },
      // Functions of the stack itself: the migration's and the one that empties the cache.
      {
        Effect: "Allow",
        Action: ["lambda:AddPermission", "lambda:CreateFunction", "lambda:DeleteFunction", "lambda:InvokeFunction"],
        Resource: awsArn(pulumi.interpolate`lambda:*:${accountId}:function:*`, region),
      },
      {
        Effect: "Allow",
        Action: [
          "lambda:RemovePermission",
          "lambda:TagResource",
          "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ],
        Resource: awsArn(pulumi.interpolate`lambda:*:${accountId}:function:*`, region),
        Condition: ofStack(access),
      },
      {
        Effect: "Allow",
        Action: "iam:CreateRole",
        Resource: roles,
        Condition: { StringEquals: { "aws:RequestTag/stack": access.stack, ...bounded } },
      },
      {
        Effect: "Allow",
        Action: "iam:TagRole",
        Resource: roles,
        Condition: { StringEquals: { "aws:RequestTag/stack": access.stack } },
      },
      {
        Effect: "Allow",
        Action: ["iam:AttachRolePolicy", "iam:PutRolePolicy"],
        Resource: roles,
        Condition: { StringEquals: { "aws:ResourceTag/stack": access.stack, ...bounded } },
      },
      {
        Effect: "Allow",
        Action: [
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
        ],
        Resource: roles,
        Condition: ofStack(access),
      },
      {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: roles,
        Condition: { StringEquals: { "iam:PassedToService": passedTo } },
      },
      {
        Effect: "Allow",
        Action: "iam:CreateServiceLinkedRole",
        Resource: awsArn(pulumi.interpolate`iam::${accountId}:role/aws-service-role/*`, region),
      },
      // Those who may deploy must not decide who may deploy.
      {
        Sid: "NotItself",
        Effect: "Deny",
        Action: [
          ...[
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:AttachRolePolicy",
            "iam:DeleteOpenIDConnectProvider",
            "iam:DeleteRole",
          ],
          ...["iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PassRole"],
          ...["iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole"],
          ...["iam:UpdateAssumeRolePolicy", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateRole"],
        ],
        Resource: [...guarded],
      },
    ],
  ];
}

/**
 * A restore of the stack's database into an instance of its own, which alone may be deleted, and the record of it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export function mayRestore(access: Access, database: "instance" | "cluster"): Statement[] {
  const { accountId, region } = access;
  return [
    ...(database === "cluster" ? mayRestoreCluster(access) : mayRestoreInstance(access)),
    // By the tag, the key of the stack alone; RDS takes the grant for the instance that it makes.
    {
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { ...ofStack(access), Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    { Effect: "Allow", Action: "kms:DescribeKey", Resource: "*", Condition: ofStack(access) },
    {
      Effect: "Allow",
      Action: ["ssm:GetParameters", "ssm:PutParameter"],
      Resource: awsArn(pulumi.interpolate`ssm:${region}:${accountId}:parameter/slipway/*`, region),
    },
  ];
}

const rdsResource =
  ({ accountId, region }: Access) =>
  (resource: string) =>
    awsArn(pulumi.interpolate`rds:${region}:${accountId}:${resource}`, region);

function mayRestoreInstance(access: Access): Statement[] {
  const rds = rdsResource(access);
  const restored = rds("db:*-drill-*");
  return [
    { Effect: "Allow", Action: ["rds:DescribeDBInstances", "rds:DescribeDBSnapshots"], Resource: "*" },
    {
      Effect: "Allow",
      Action: "rds:RestoreDBInstanceToPointInTime",
      Resource: rds("db:*"),
      Condition: ofStack(access),
    },
    {
      Effect: "Allow",
      Action: "rds:RestoreDBInstanceToPointInTime",
      Resource: [restored, rds("og:*"), rds("pg:*"), rds("subgrp:*")],
    },
    { Effect: "Allow", Action: "rds:DeleteDBInstance", Resource: restored },
  ];
}

/** Another cluster, and one server of it. */
function mayRestoreCluster(access: Access): Statement[] {
  const rds = rdsResource(access);
  const [cluster, server] = [rds("cluster:*-drill-*"), rds("db:*-drill-*")];
  const groups = [rds("og:*"), rds("pg:*"), rds("cluster-pg:*"), rds("subgrp:*")];
  return [
    {
      Effect: "Allow",
      Action: ["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusters", "rds:DescribeDBInstances"],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: "rds:RestoreDBClusterToPointInTime",
      Resource: rds("cluster:*"),
      Condition: ofStack(access),
    },
    { Effect: "Allow", Action: "rds:RestoreDBClusterToPointInTime", Resource: [cluster, ...groups] },
    { Effect: "Allow", Action: "rds:CreateDBInstance", Resource: [server, cluster, ...groups] },
    { Effect: "Allow", Action: ["rds:DeleteDBCluster", "rds:DeleteDBInstance"], Resource: [server, cluster] },
  ];
}

function ofStack({ stack }: Access): Statement["Condition"] {
  return { StringEquals: { "aws:ResourceTag/stack": stack } };
}
