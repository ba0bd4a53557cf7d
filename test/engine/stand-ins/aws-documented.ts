/** What the stand-in for AWS knows beside the rows that Slipway judges by. */

/** Rules of what no call refuses: it is taken, and goes wrong later. */
export const noticedLater: readonly string[] = [
  "ecs-deployment-room",
  "ecs-image-pull",
  "ecs-release-wait",
  "ecs-secret-readable",
  "ecs-subnet-room",
  "sg-both-ways",
  "sns-alarm-key",
  "iam-inline-size",
];

/** Rows that hold only where the storage has grown by itself, which it does not here. */
export const onlyOnceItHasGrown: readonly string[] = ["rds-storage-below-grown"];

interface Use {
  /** Types that keep it from being deleted while they name it. */
  readonly by: RegExp;
  readonly answer: string;
  readonly source: string;
}

const docs = "https://docs.aws.amazon.com";
const ec2 = `${docs}/AWSEC2/latest/APIReference`;
const violation = (by: RegExp, call: string): Use => ({
  by,
  answer: "DependencyViolation",
  source: `${ec2}/${call}.html`,
});

/** What AWS keeps from being deleted while something uses it. */
export const inUse: Readonly<Record<string, Use>> = {
  "aws:ec2/vpc:Vpc": violation(
    /subnet:Subnet|securityGroup:SecurityGroup|routeTable:RouteTable|vpcEndpoint|internetGateway/,
    "API_DeleteVpc",
  ),
  "aws:ec2/subnet:Subnet": violation(
    /loadBalancer:|ecs\/service:|natGateway|vpcEndpoint|proxy:Proxy|subnetGroup:/,
    "API_DeleteSubnet",
  ),
  "aws:ec2/securityGroup:SecurityGroup": violation(
    /loadBalancer:|ecs\/service:|rds\/(instance|proxy|cluster):|replicationGroup|vpcEndpoint|securityGroup(In|E)gressRule/,
    "API_DeleteSecurityGroup",
  ),
  "aws:ec2/internetGateway:InternetGateway": violation(/natGateway/, "API_DetachInternetGateway"),
  "aws:ec2/eip:Eip": violation(/natGateway/, "API_ReleaseAddress"),
  "aws:ec2/routeTable:RouteTable": violation(/routeTableAssociation/, "API_DeleteRouteTable"),
  "aws:lb/targetGroup:TargetGroup": {
    by: /listenerRule:|listener:Listener$|ecs\/service:/,
    answer: "ResourceInUse",
    source: `${docs}/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html`,
  },
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_composite_alarm
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    by: /compositeAlarm:/,
    answer: "ValidationError: a composite alarm depends on it",
    source: `${docs}/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html`,
  },
  "aws:acm/certificate:Certificate": {
    by: /listener:|listenerCertificate|distribution:/,
    answer: "ResourceInUseException",
    source: `${docs}/acm/latest/APIReference/API_DeleteCertificate.html`,
  },
  "aws:iam/role:Role": {
    by: /iam\/rolePolicy:|rolePolicyAttachment/,
    answer: "DeleteConflict",
    source: `${docs}/IAM/latest/APIReference/API_DeleteRole.html`,
  },
  "aws:rds/cluster:Cluster": {
    by: /rds\/clusterInstance:/,
    answer: "InvalidDBClusterStateFault: it still contains DB instances in non-deleting state",
    source: `${docs}/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html`,
  },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
    by: /rds\/cluster:/,
    answer: "InvalidDBParameterGroupState",
    source: `${docs}/AmazonRDS/latest/APIReference/API_DeleteDBClusterParameterGroup.html`,
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    by: /rds\/(instance|cluster|clusterInstance):/,
    answer: "InvalidDBSubnetGroupStateFault",
    source: `${docs}/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html`,
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    by: /rds\/(instance|clusterInstance):/,
    answer: "InvalidDBParameterGroupState",
    source: `${docs}/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html`,
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    by: /replicationGroup/,
    answer: "CacheSubnetGroupInUse",
    source: `${docs}/AmazonElastiCache/latest/APIReference/API_DeleteCacheSubnetGroup.html`,
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    by: /replicationGroup/,
    answer: "InvalidCacheParameterGroupState",
    source: `${docs}/AmazonElastiCache/latest/APIReference/API_DeleteCacheParameterGroup.html`,
  },
  "aws:elasticache/user:User": {
    by: /userGroup:/,
    answer: "DefaultUserAssociatedToUserGroup, or a group without the user it was given",
    source: `${docs}/AmazonElastiCache/latest/APIReference/API_DeleteUser.html`,
  },
  "aws:elasticache/userGroup:UserGroup": {
    by: /replicationGroup/,
    answer: "InvalidUserGroupState",
    source: `${docs}/AmazonElastiCache/latest/APIReference/API_DeleteUserGroup.html`,
  },
  "aws:ecs/cluster:Cluster": {
    by: /ecs\/service:/,
    answer: "ClusterContainsServicesException",
    source: `${docs}/AmazonECS/latest/APIReference/API_DeleteCluster.html`,
  },
  "aws:cloudfront/cachePolicy:CachePolicy": edge("CachePolicyInUse", "API_DeleteCachePolicy"),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": edge(
    "ResponseHeadersPolicyInUse",
    "API_DeleteResponseHeadersPolicy",
  ),
  "aws:cloudfront/originAccessControl:OriginAccessControl": edge(
    "OriginAccessControlInUse",
    "API_DeleteOriginAccessControl",
  ),
  "aws:cloudfront/function:Function": edge("FunctionInUse", "API_DeleteFunction"),
  "aws:cloudfront/vpcOrigin:VpcOrigin": edge("CannotDeleteEntityWhileInUse", "API_DeleteVpcOrigin"),
  "aws:wafv2/webAcl:WebAcl": {
    by: /webAclAssociation|distribution:/,
    answer: "WAFAssociatedItemException",
    source: `${docs}/waf/latest/APIReference/API_DeleteWebACL.html`,
  },
  "aws:cloudwatch/eventRule:EventRule": {
    by: /eventTarget/,
    answer: "ValidationException: the rule has targets",
    source: `${docs}/eventbridge/latest/APIReference/API_DeleteRule.html`,
  },
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": delivery("API_DeleteDeliverySource"),
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": delivery("API_DeleteDeliveryDestination"),
};

function edge(answer: string, call: string): Use {
  return { by: /distribution:Distribution/, answer, source: `${docs}/cloudfront/latest/APIReference/${call}.html` };
}

function delivery(call: string): Use {
  return {
    by: /logDelivery:LogDelivery$/,
    answer: "ConflictException",
    source: `${docs}/AmazonCloudWatchLogs/latest/APIReference/${call}.html`,
  };
}

/** What is there once in an account and region by these inputs. A name that the provider makes is never taken. */
export const namedOnce: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudfront/distribution:Distribution": ["aliases"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": ["name"],
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": ["name", "resourceArn"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:ecr/repository:Repository": ["name"],
  "aws:elasticache/user:User": ["userId"],
  "aws:elasticache/userGroup:UserGroup": ["userGroupId"],
  "aws:kms/alias:Alias": ["name"],
  "aws:lb/loadBalancer:LoadBalancer": ["name"],
  "aws:lb/targetGroup:TargetGroup": ["name"],
  "aws:rds/cluster:Cluster": ["clusterIdentifier"],
  "aws:rds/clusterInstance:ClusterInstance": ["identifier"],
  "aws:rds/instance:Instance": ["identifier"],
  "aws:secretsmanager/secret:Secret": ["name"],
};
