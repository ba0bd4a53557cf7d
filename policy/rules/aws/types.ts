/** Type tokens of the AWS provider, with the older and the sibling tokens of the same thing. */
export const aws = {
  alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"],
  bucket: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  bucketAcl: ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"],
  bucketPolicy: ["aws:s3/bucketPolicy:BucketPolicy"],
  cacheCluster: ["aws:elasticache/cluster:Cluster"],
  cacheGroup: ["aws:elasticache/replicationGroup:ReplicationGroup"],
  dbCluster: ["aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"],
  dbClusterInstance: [
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:docdb/clusterInstance:ClusterInstance",
    "aws:neptune/clusterInstance:ClusterInstance",
  ],
  dbInstance: ["aws:rds/instance:Instance"],
  distribution: ["aws:cloudfront/distribution:Distribution"],
  listener: [/^aws:(lb|alb|applicationloadbalancing|elasticloadbalancingv2)\/listener:Listener$/],
  loadBalancer: [/^aws:(lb|alb|applicationloadbalancing|elasticloadbalancingv2)\/loadBalancer:LoadBalancer$/],
  logGroup: ["aws:cloudwatch/logGroup:LogGroup"],
  role: ["aws:iam/role:Role"],
  securityGroup: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  /** Old `SecurityGroupRule`, which serves both directions, and its successor for one. */
  ingressRule: [
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  service: ["aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"],
  taskDefinition: ["aws:ecs/taskDefinition:TaskDefinition"],
  webAcl: ["aws:wafv2/webAcl:WebAcl"],
} as const;
