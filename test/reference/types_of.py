"""Pulumi's types as CloudFormation has them, and where a property has another name than its own.

`None` for a property: CloudFormation has no such property, and what it says is not checked here.
"""



def conditions(those):
    """Each kind of condition names itself there."""
    kinds = {
        "hostHeader": ("host-header", "hostHeaderConfig"),
        "httpHeader": ("http-header", "httpHeaderConfig"),
        "pathPattern": ("path-pattern", "pathPatternConfig"),
    }
    return [{"field": kinds[kind][0], kinds[kind][1]: of} for one in those for kind, of in one.items()]


TYPES = {
    "aws:acm/certificate:Certificate": ("AWS::CertificateManager::Certificate", {}),
    "aws:appautoscaling/policy:Policy": (
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {"name": "PolicyName"},
    ),
    "aws:appautoscaling/target:Target": ("AWS::ApplicationAutoScaling::ScalableTarget", {}),
    "aws:backup/plan:Plan": (
        "AWS::Backup::BackupPlan",
        {
            "": "BackupPlan",
            "name": "BackupPlanName",
            "rules": "BackupPlanRule",
            "rules.targetVaultName": "TargetBackupVault",
            "rules.schedule": "ScheduleExpression",
            "rules.startWindow": "StartWindowMinutes",
            "rules.completionWindow": "CompletionWindowMinutes",
            "rules.lifecycle.deleteAfter": "DeleteAfterDays",
            "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
            "rules.copyActions.lifecycle.deleteAfter": "DeleteAfterDays",
        },
    ),
    "aws:backup/selection:Selection": (
        "AWS::Backup::BackupSelection",
        {"": "BackupSelection", "name": "SelectionName", "planId": None},
        {"BackupPlanId": "a"},
    ),
    "aws:backup/vault:Vault": (
        "AWS::Backup::BackupVault",
        {"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn", "forceDestroy": None},
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": (
        "AWS::CloudFront::CachePolicy",
        {
            "": "CachePolicyConfig",
            "minTtl": "MinTTL",
            "headers.items": "Headers",
            "cookies.items": "Cookies",
            "queryStrings.items": "QueryStrings",
        },
    ),
    "aws:cloudfront/distribution:Distribution": (
        "AWS::CloudFront::Distribution",
        {
            "": "DistributionConfig",
            "originId": "Id",
            "isIpv6Enabled": "IPV6Enabled",
            "orderedCacheBehaviors": "CacheBehaviors",
            "functionArn": "FunctionARN",
            "errorCachingMinTtl": "ErrorCachingMinTTL",
            "webAclId": "WebACLId",
            # Lists that CloudFormation wraps with their length.
            "originGroups": None,
        },
    ),
    "aws:cloudfront/function:Function": (
        "AWS::CloudFront::Function",
        {"runtime": "FunctionConfig.Runtime", "comment": "FunctionConfig.Comment", "publish": "AutoPublish", "code": "FunctionCode"},
        # The provider's default.
        {"FunctionConfig.Comment": "Managed by Pulumi"},
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": (
        "AWS::CloudFront::OriginAccessControl",
        {"": "OriginAccessControlConfig"},
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (
        "AWS::CloudFront::ResponseHeadersPolicy",
        {"": "ResponseHeadersPolicyConfig"},
    ),
    "aws:cloudfront/vpcOrigin:VpcOrigin": ("AWS::CloudFront::VpcOrigin", {"originSslProtocols.items": "OriginSSLProtocols"}),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (
        "AWS::CloudWatch::CompositeAlarm",
        {
            "okActions": "OKActions",
            "actionsSuppressor": None,
            "actionsSuppressor.alarm": "ActionsSuppressor",
            "actionsSuppressor.waitPeriod": "ActionsSuppressorWaitPeriod",
            "actionsSuppressor.extensionPeriod": "ActionsSuppressorExtensionPeriod",
        },
    ),
    "aws:cloudwatch/dashboard:Dashboard": ("AWS::CloudWatch::Dashboard", {}),
    "aws:cloudwatch/eventApiDestination:EventApiDestination": (
        "AWS::Events::ApiDestination",
        {},
    ),
    "aws:cloudwatch/eventRule:EventRule": ("AWS::Events::Rule", {}),
    "aws:cloudwatch/logDelivery:LogDelivery": ("AWS::Logs::Delivery", {}),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": ("AWS::Logs::DeliverySource", {}),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (
        "AWS::Logs::DeliveryDestination",
        {"deliveryDestinationConfiguration": None},
    ),
    "aws:cloudwatch/logGroup:LogGroup": ("AWS::Logs::LogGroup", {"name": "LogGroupName"}),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": (
        "AWS::Logs::MetricFilter",
        {
            "pattern": "FilterPattern",
            "metricTransformation": "MetricTransformations",
            "metricTransformation.name": "MetricName",
            "metricTransformation.namespace": "MetricNamespace",
            "metricTransformation.value": "MetricValue",
        },
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        "AWS::CloudWatch::Alarm",
        {
            "name": "AlarmName",
            "okActions": "OKActions",
            "metricQueries": "Metrics",
            "metric": "MetricStat",
            # There one object of metric, statistic and period.
            "metricQueries.metric.metricName": "Metric.MetricName",
            "metricQueries.metric.namespace": "Metric.Namespace",
            "metricQueries.metric.dimensions": "Metric.Dimensions",
        },
    ),
    "aws:ec2/eip:Eip": ("AWS::EC2::EIP", {"instance": "InstanceId"}),
    "aws:ec2/instance:Instance": (
        "AWS::EC2::Instance",
        {
            "ami": "ImageId",
            "vpcSecurityGroupIds": "SecurityGroupIds",
            "cpuCredits": "CPUCredits",
            # Of a network interface, a list of devices, and of launch templates there.
            "associatePublicIpAddress": None,
            "rootBlockDevice": None,
            "maintenanceOptions": None,
            # The provider's own.
            "userDataReplaceOnChange": None,
        },
    ),
    "aws:ec2/flowLog:FlowLog": (
        "AWS::EC2::FlowLog",
        {"iamRoleArn": "DeliverLogsPermissionArn", "vpcId": "ResourceId"},
        {"ResourceType": "VPC"},
    ),
    "aws:ec2/internetGateway:InternetGateway": ("AWS::EC2::InternetGateway", {"vpcId": None}),
    "aws:ec2/natGateway:NatGateway": ("AWS::EC2::NatGateway", {}),
    "aws:ec2/route:Route": ("AWS::EC2::Route", {}),
    "aws:ec2/routeTable:RouteTable": ("AWS::EC2::RouteTable", {}),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("AWS::EC2::SubnetRouteTableAssociation", {}),
    "aws:ec2/securityGroup:SecurityGroup": ("AWS::EC2::SecurityGroup", {"description": "GroupDescription"}),
    "aws:ec2/subnet:Subnet": ("AWS::EC2::Subnet", {}),
    "aws:ec2/vpc:Vpc": ("AWS::EC2::VPC", {}),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("AWS::EC2::VPCEndpoint", {}),
    "aws:ecr/repository:Repository": (
        "AWS::ECR::Repository",
        {"encryptionConfigurations": None, "forceDelete": "EmptyOnDelete"},
    ),
    "aws:ecs/cluster:Cluster": ("AWS::ECS::Cluster", {"settings": "ClusterSettings"}),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        "AWS::ECS::ClusterCapacityProviderAssociations",
        {"clusterName": "Cluster"},
        # The provider sends an empty one.
        {"DefaultCapacityProviderStrategy": []},
    ),
    "aws:ecs/service:Service": (
        "AWS::ECS::Service",
        {
            "networkConfiguration": "NetworkConfiguration.AwsvpcConfiguration",
            "assignPublicIp": ("AssignPublicIp", lambda yes: "ENABLED" if yes else "DISABLED"),
            "enableEcsManagedTags": "EnableECSManagedTags",
            # Here part of the deployment configuration.
            "alarms": "DeploymentConfiguration.Alarms",
            "deploymentCircuitBreaker": "DeploymentConfiguration.DeploymentCircuitBreaker",
            "deploymentMaximumPercent": "DeploymentConfiguration.MaximumPercent",
            "deploymentMinimumHealthyPercent": "DeploymentConfiguration.MinimumHealthyPercent",
            # What the provider does, and AWS is not told.
            "waitForSteadyState": None,
            "sigintRollback": None,
            "forceNewDeployment": None,
        },
    ),
    "aws:ecs/taskDefinition:TaskDefinition": ("AWS::ECS::TaskDefinition", {"skipDestroy": None}),
    "aws:elasticache/parameterGroup:ParameterGroup": (
        "AWS::ElastiCache::ParameterGroup",
        {"family": "CacheParameterGroupFamily", "parameters": "Properties", "name": "CacheParameterGroupName"},
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "AWS::ElastiCache::ReplicationGroup",
        {
            "description": "ReplicationGroupDescription",
            "nodeType": "CacheNodeType",
            "parameterGroupName": "CacheParameterGroupName",
            "subnetGroupName": "CacheSubnetGroupName",
            "maintenanceWindow": "PreferredMaintenanceWindow",
            "applyImmediately": None,
            "authTokenUpdateStrategy": None,
            "destination": "DestinationDetails.CloudWatchLogsDetails.LogGroup",
        },
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": (
        "AWS::ElastiCache::SubnetGroup",
        {"name": "CacheSubnetGroupName"},
    ),
    "aws:elasticache/user:User": ("AWS::ElastiCache::User", {}),
    "aws:elasticache/userGroup:UserGroup": ("AWS::ElastiCache::UserGroup", {}),
    "aws:iam/role:Role": ("AWS::IAM::Role", {"assumeRolePolicy": "AssumeRolePolicyDocument", "name": "RoleName"}),
    "aws:iam/rolePolicy:RolePolicy": (
        "AWS::IAM::RolePolicy",
        {"policy": "PolicyDocument", "role": "RoleName", "name": "PolicyName"},
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("AWS::IAM::OIDCProvider", {"clientIdLists": "ClientIdList"}),
    "aws:kms/alias:Alias": ("AWS::KMS::Alias", {"name": "AliasName"}),
    "aws:kms/key:Key": ("AWS::KMS::Key", {"policy": "KeyPolicy", "deletionWindowInDays": "PendingWindowInDays"}),
    "aws:kms/replicaKey:ReplicaKey": (
        "AWS::KMS::ReplicaKey",
        {"policy": "KeyPolicy", "deletionWindowInDays": "PendingWindowInDays"},
    ),
    "aws:lb/listener:Listener": (
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "certificateArn": ("Certificates", lambda arn: [{"certificateArn": arn}]),
            "certificateArn.certificateArn": "CertificateArn",
            "fixedResponse": "FixedResponseConfig",
            "redirect": "RedirectConfig",
        },
    ),
    "aws:lb/listenerRule:ListenerRule": (
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "redirect": "RedirectConfig",
            "forward": "ForwardConfig",
            "arn": "TargetGroupArn",
            "stickiness": "TargetGroupStickinessConfig",
            "duration": "DurationSeconds",
            "conditions": ("Conditions", conditions),
        },
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "loadBalancerType": "Type",
            "internal": ("Scheme", lambda internal: "internal" if internal else "internet-facing"),
            # Attributes, whose values are text.
            "accessLogs": None,
            "desyncMitigationMode": None,
            "dropInvalidHeaderFields": None,
            "enableDeletionProtection": None,
            "idleTimeout": None,
            "preserveHostHeader": None,
        },
    ),
    "aws:lb/targetGroup:TargetGroup": (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "healthCheck": None,
            "healthCheck.path": "HealthCheckPath",
            "healthCheck.interval": "HealthCheckIntervalSeconds",
            "healthCheck.timeout": "HealthCheckTimeoutSeconds",
            "healthCheck.healthyThreshold": "HealthyThresholdCount",
            "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
            "deregistrationDelay": None,
            "loadBalancingAlgorithmType": None,
        },
    ),
    "aws:rds/cluster:Cluster": (
        "AWS::RDS::DBCluster",
        {
            "clusterIdentifier": "DBClusterIdentifier",
            "dbClusterParameterGroupName": "DBClusterParameterGroupName",
            "dbInstanceParameterGroupName": "DBInstanceParameterGroupName",
            "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
            "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            "serverlessv2ScalingConfiguration": "ServerlessV2ScalingConfiguration",
            # How it is deleted and upgraded.
            "allowMajorVersionUpgrade": None,
            "finalSnapshotIdentifier": None,
            "skipFinalSnapshot": None,
        },
    ),
    "aws:rds/clusterInstance:ClusterInstance": (
        "AWS::RDS::DBInstance",
        {
            "identifier": "DBInstanceIdentifier",
            "clusterIdentifier": "DBClusterIdentifier",
            "instanceClass": "DBInstanceClass",
            "dbParameterGroupName": "DBParameterGroupName",
            "caCertIdentifier": "CACertificateIdentifier",
            "performanceInsightsEnabled": "EnablePerformanceInsights",
        },
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": (
        "AWS::RDS::DBClusterParameterGroup",
        {"name": "DBClusterParameterGroupName"},
    ),
    "aws:rds/eventSubscription:EventSubscription": (
        "AWS::RDS::EventSubscription",
        {"snsTopic": "SnsTopicArn"},
    ),
    "aws:rds/instance:Instance": (
        "AWS::RDS::DBInstance",
        {
            "identifier": "DBInstanceIdentifier",
            "instanceClass": "DBInstanceClass",
            "username": "MasterUsername",
            "password": "MasterUserPassword",
            "parameterGroupName": "DBParameterGroupName",
            "vpcSecurityGroupIds": "VPCSecurityGroups",
            "backupWindow": "PreferredBackupWindow",
            "maintenanceWindow": "PreferredMaintenanceWindow",
            "caCertIdentifier": "CACertificateIdentifier",
            "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
            "performanceInsightsEnabled": "EnablePerformanceInsights",
            "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            "replicateSourceDb": "SourceDBInstanceIdentifier",
            "skipFinalSnapshot": None,
            "finalSnapshotIdentifier": None,
        },
    ),
    "aws:rds/parameterGroup:ParameterGroup": (
        "AWS::RDS::DBParameterGroup",
        {"parameters": ("Parameters", lambda pairs: {one["name"]: one["value"] for one in pairs})},
    ),
    "aws:rds/proxy:Proxy": (
        "AWS::RDS::DBProxy",
        {"requireTls": "RequireTLS", "auths": "Auth", "iamAuth": "IAMAuth"},
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        "AWS::RDS::DBSubnetGroup",
        {"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
    ),
    "aws:route53/healthCheck:HealthCheck": (
        "AWS::Route53::HealthCheck",
        {"": "HealthCheckConfig", "fqdn": "FullyQualifiedDomainName", "enableSni": "EnableSNI"},
    ),
    "aws:route53/record:Record": (
        "AWS::Route53::RecordSet",
        {"zoneId": "HostedZoneId", "ttl": "TTL", "records": "ResourceRecords", "aliases": ("AliasTarget", lambda aliases: aliases[0]), "aliases.name": "DNSName", "allowOverwrite": None},
    ),
    "aws:scheduler/schedule:Schedule": ("AWS::Scheduler::Schedule", {}),
    "aws:s3/bucket:Bucket": ("AWS::S3::Bucket", {"bucket": "BucketName", "forceDestroy": None}),
    "aws:s3/bucketPolicy:BucketPolicy": ("AWS::S3::BucketPolicy", {"policy": "PolicyDocument"}),
    "aws:secretsmanager/secret:Secret": (
        "AWS::SecretsManager::Secret",
        {"recoveryWindowInDays": None},
    ),
    "aws:sns/topic:Topic": ("AWS::SNS::Topic", {"name": "TopicName"}),
    "aws:sns/topicPolicy:TopicPolicy": ("AWS::SNS::TopicPolicy", {"arn": "Topics", "policy": "PolicyDocument"}),
    "aws:sns/topicSubscription:TopicSubscription": ("AWS::SNS::Subscription", {"topic": "TopicArn"}),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "AWS::EC2::SecurityGroupEgress",
        {
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "referencedSecurityGroupId": "DestinationSecurityGroupId",
            "prefixListId": "DestinationPrefixListId",
        },
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "AWS::EC2::SecurityGroupIngress",
        {
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "referencedSecurityGroupId": "SourceSecurityGroupId",
            "prefixListId": "SourcePrefixListId",
        },
    ),
    "aws:wafv2/webAcl:WebAcl": ("AWS::WAFv2::WebACL", {}),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        "AWS::WAFv2::LoggingConfiguration",
        {},
    ),
}
