import { words } from "./words";

/**
 * Properties whose change makes the provider replace the resource, by type.
 *
 * Asked of the provider itself: for every property of these types, terraform-provider-aws 5.100.0
 * planned a change from one value to another and named the paths that require replacement. It refuses
 * such plans for the keys and indexes of dynamodb/table: those are from its documentation.
 * `region`, which replaces every type since version 6 (@pulumi/aws 7), is in `replacements.ts`.
 *
 * Left out on purpose: what replaces under conditions only, such as `transitEncryptionEnabled` of a
 * replication group whose engine is older than 7.0.5.
 */
export const awsReplacements: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": words(
    "certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames validationMethod validationOptions",
  ),
  "aws:acm/certificateValidation:CertificateValidation": words("certificateArn validationRecordFqdns"),
  "aws:appautoscaling/policy:Policy": words("name resourceId scalableDimension serviceNamespace"),
  "aws:appautoscaling/target:Target": words("resourceId scalableDimension serviceNamespace"),
  "aws:backup/plan:Plan": words("name"),
  "aws:backup/selection:Selection": words("conditions iamRoleArn name notResources planId resources selectionTags"),
  "aws:backup/vault:Vault": words("kmsKeyArn name"),
  "aws:cloudfront/cachePolicy:CachePolicy": [],
  "aws:cloudfront/distribution:Distribution": words("staging"),
  "aws:cloudfront/function:Function": words("name"),
  "aws:cloudfront/originAccessControl:OriginAccessControl": [],
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": [],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": [],
  "aws:cloudfront/vpcOrigin:VpcOrigin": [],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": words("actionsEnabled alarmName"),
  "aws:cloudwatch/dashboard:Dashboard": words("dashboardName"),
  "aws:cloudwatch/eventRule:EventRule": words("eventBusName name namePrefix"),
  "aws:cloudwatch/eventTarget:EventTarget": words("eventBusName rule targetId"),
  "aws:cloudwatch/logGroup:LogGroup": words("logGroupClass name namePrefix"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": words("logGroupName name"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": words("name"),
  "aws:dynamodb/table:Table": words(
    "hashKey importTable localSecondaryIndexes name rangeKey restoreDateTime restoreSourceName restoreSourceTableArn restoreToLatestTime",
  ),
  "aws:ebs/volume:Volume": words("availabilityZone encrypted kmsKeyId multiAttachEnabled outpostArn snapshotId"),
  "aws:ec2/eip:Eip": words("address domain ipamPoolId networkBorderGroup publicIpv4Pool"),
  "aws:ec2/flowLog:FlowLog": words(
    "deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType logFormat maxAggregationInterval subnetId trafficType transitGatewayAttachmentId transitGatewayId vpcId",
  ),
  // Its user data too, where userDataReplaceOnChange says so: the program says what that replaces.
  "aws:ec2/instance:Instance": words(
    "ami associatePublicIpAddress availabilityZone cpuOptions enclaveOptions ephemeralBlockDevices hibernation iamInstanceProfile keyName placementPartitionNumber privateIp rootBlockDevice.encrypted rootBlockDevice.kmsKeyId subnetId tenancy",
  ),
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/natGateway:NatGateway": words("allocationId connectivityType privateIp subnetId"),
  "aws:ec2/networkAcl:NetworkAcl": words("vpcId"),
  "aws:ec2/route:Route": words("destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId"),
  "aws:ec2/routeTable:RouteTable": words("vpcId"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": words("gatewayId subnetId"),
  "aws:ec2/securityGroup:SecurityGroup": words("description name namePrefix vpcId"),
  "aws:ec2/securityGroupRule:SecurityGroupRule": words(
    "cidrBlocks fromPort ipv6CidrBlocks prefixListIds protocol securityGroupId self sourceSecurityGroupId toPort type",
  ),
  "aws:ec2/subnet:Subnet": words("availabilityZone availabilityZoneId cidrBlock ipv6Native outpostArn vpcId"),
  "aws:ec2/vpc:Vpc": words("cidrBlock instanceTenancy ipv4IpamPoolId ipv4NetmaskLength"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": words(
    "resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType vpcId",
  ),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": words("policy repository"),
  "aws:ecr/repository:Repository": words("encryptionConfigurations name"),
  "aws:ecs/cluster:Cluster": words("name"),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": words("clusterName"),
  "aws:ecs/service:Service": words(
    "capacityProviderStrategies cluster deploymentController iamRole launchType name schedulingStrategy",
  ),
  "aws:ecs/taskDefinition:TaskDefinition": words(
    "containerDefinitions cpu enableFaultInjection ephemeralStorage executionRoleArn family ipcMode memory networkMode pidMode placementConstraints proxyConfiguration requiresCompatibilities runtimePlatform taskRoleArn volumes",
  ),
  "aws:efs/fileSystem:FileSystem": words("availabilityZoneName creationToken encrypted kmsKeyId performanceMode"),
  "aws:efs/mountTarget:MountTarget": words("fileSystemId ipAddress subnetId"),
  "aws:eks/cluster:Cluster": words(
    "accessConfig.bootstrapClusterCreatorAdminPermissions bootstrapSelfManagedAddons computeConfig.nodeRoleArn kubernetesNetworkConfig name outpostConfig.controlPlaneInstanceType outpostConfig.controlPlanePlacement.groupName remoteNetworkConfig roleArn",
  ),
  "aws:eks/nodeGroup:NodeGroup": words(
    "amiType capacityType clusterName diskSize instanceTypes launchTemplate.name nodeGroupName nodeGroupNamePrefix nodeRoleArn remoteAccess subnetIds",
  ),
  "aws:elasticache/cluster:Cluster": words(
    "availabilityZone clusterId engine networkType outpostMode port preferredOutpostArn replicationGroupId snapshotArns snapshotName subnetGroupName transitEncryptionEnabled",
  ),
  "aws:elasticache/parameterGroup:ParameterGroup": words("description family name"),
  "aws:elasticache/replicationGroup:ReplicationGroup": words(
    "atRestEncryptionEnabled dataTieringEnabled engine globalReplicationGroupId kmsKeyId networkType port replicationGroupId securityGroupNames snapshotArns snapshotName subnetGroupName",
  ),
  "aws:elasticache/serverlessCache:ServerlessCache": words(
    "engine kmsKeyId majorEngineVersion name snapshotArnsToRestores subnetIds",
  ),
  "aws:elasticache/subnetGroup:SubnetGroup": words("name"),
  "aws:elasticache/user:User": words("userId userName"),
  "aws:elasticache/userGroup:UserGroup": words("userGroupId"),
  "aws:iam/policy:Policy": words("description name namePrefix path"),
  "aws:iam/role:Role": words("name namePrefix path"),
  "aws:iam/rolePolicy:RolePolicy": words("name namePrefix role"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": words("policyArn role"),
  "aws:kms/alias:Alias": words("name namePrefix"),
  "aws:kms/key:Key": words("customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId"),
  "aws:lambda/function:Function": words("name packageType"),
  "aws:lambda/permission:Permission": words(
    "action eventSourceToken function functionUrlAuthType principal principalOrgId qualifier sourceAccount sourceArn statementId statementIdPrefix",
  ),
  "aws:lb/listener:Listener": words("loadBalancerArn"),
  "aws:lb/listenerRule:ListenerRule": words("listenerArn"),
  "aws:lb/loadBalancer:LoadBalancer": words("customerOwnedIpv4Pool internal loadBalancerType name namePrefix"),
  "aws:lb/targetGroup:TargetGroup": words(
    "ipAddressType name namePrefix port protocol protocolVersion targetType vpcId",
  ),
  "aws:rds/cluster:Cluster": words(
    "availabilityZones clusterIdentifier clusterIdentifierPrefix clusterScalabilityType databaseName dbSubnetGroupName dbSystemId engine engineMode kmsKeyId masterUsername restoreToPointInTime s3Import snapshotIdentifier sourceRegion storageEncrypted storageType",
  ),
  "aws:rds/clusterInstance:ClusterInstance": words(
    "availabilityZone clusterIdentifier customIamInstanceProfile dbSubnetGroupName engine identifier identifierPrefix",
  ),
  "aws:rds/instance:Instance": words(
    "availabilityZone backupTarget characterSetName customIamInstanceProfile dbName engine kmsKeyId ncharCharacterSetName s3Import snapshotIdentifier storageEncrypted timezone username",
  ),
  "aws:rds/parameterGroup:ParameterGroup": words("description family name namePrefix"),
  "aws:rds/proxy:Proxy": words("engineFamily vpcSubnetIds"),
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": words("dbProxyName"),
  "aws:rds/proxyTarget:ProxyTarget": words("dbClusterIdentifier dbInstanceIdentifier dbProxyName targetGroupName"),
  "aws:rds/subnetGroup:SubnetGroup": words("name namePrefix"),
  "aws:route53/healthCheck:HealthCheck": words("measureLatency referenceName requestInterval routingControlArn type"),
  "aws:route53/record:Record": words("name zoneId"),
  "aws:route53/zone:Zone": words("delegationSetId name"),
  "aws:s3/bucket:Bucket": words("bucket bucketPrefix objectLockConfiguration.objectLockEnabled objectLockEnabled"),
  "aws:s3/bucketObject:BucketObject": words("bucket key"),
  "aws:s3/bucketObjectv2:BucketObjectv2": words("bucket key"),
  "aws:s3/bucketPolicy:BucketPolicy": words("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": words("bucket"),
  "aws:s3/bucketV2:BucketV2": words("bucket bucketPrefix objectLockConfiguration.objectLockEnabled objectLockEnabled"),
  "aws:s3/bucketVersioning:BucketVersioning": words("bucket expectedBucketOwner"),
  "aws:scheduler/schedule:Schedule": words("groupName name namePrefix"),
  "aws:secretsmanager/secret:Secret": words("name namePrefix"),
  "aws:secretsmanager/secretPolicy:SecretPolicy": words("secretArn"),
  "aws:secretsmanager/secretRotation:SecretRotation": words("secretId"),
  "aws:secretsmanager/secretVersion:SecretVersion": words("secretBinary secretId secretString secretStringWoVersion"),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": words("name vpc"),
  "aws:servicediscovery/service:Service": words(
    "dnsConfig.dnsRecords.type dnsConfig.namespaceId dnsConfig.routingPolicy healthCheckConfig.type healthCheckCustomConfig name namespaceId type",
  ),
  "aws:sns/topic:Topic": words("fifoTopic name namePrefix"),
  "aws:sns/topicPolicy:TopicPolicy": words("arn"),
  "aws:sns/topicSubscription:TopicSubscription": words("endpoint protocol topic"),
  "aws:sqs/queue:Queue": words("fifoQueue name namePrefix"),
  "aws:ssm/parameter:Parameter": words("dataType name"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": words("securityGroupId"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": words("securityGroupId"),
  "aws:wafv2/ipSet:IpSet": words("ipAddressVersion name namePrefix scope"),
  "aws:wafv2/webAcl:WebAcl": words("name namePrefix scope"),
  "aws:wafv2/webAclAssociation:WebAclAssociation": words("resourceArn webAclArn"),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": words("logDestinationConfigs resourceArn"),
};
