"""Reads a plan of `slipway preview --json` and holds each resource of AWS against the call that makes it, as botocore
describes it: names of members, types, enumerations, ranges and patterns.

Prints JSON: what does not fit, and by type the call and the properties that it has and has not.
"""

import json
import re
import sys

import botocore.session

# Type: service, call, where in the call the properties are, and properties that have another name there.
CALLS = {
    "acm/certificate:Certificate": ("acm", "RequestCertificate", "", {}),
    "appautoscaling/policy:Policy": ("application-autoscaling", "PutScalingPolicy", "", {"name": "PolicyName"}),
    "appautoscaling/scheduledAction:ScheduledAction": ("application-autoscaling", "PutScheduledAction", "", {}),
    "appautoscaling/target:Target": ("application-autoscaling", "RegisterScalableTarget", "", {}),
    "backup/plan:Plan": ("backup", "CreateBackupPlan", "BackupPlan", {
        "name": "BackupPlanName", "schedule": "ScheduleExpression", "targetVaultName": "TargetBackupVaultName",
        "startWindow": "StartWindowMinutes", "completionWindow": "CompletionWindowMinutes",
        "deleteAfter": "DeleteAfterDays", "destinationVaultArn": "DestinationBackupVaultArn"}),
    "backup/selection:Selection": ("backup", "CreateBackupSelection", "BackupSelection", {"name": "SelectionName", "planId": None}),
    "backup/vault:Vault": ("backup", "CreateBackupVault", "", {"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn"}),
    "backup/vaultLockConfiguration:VaultLockConfiguration": ("backup", "PutBackupVaultLockConfiguration", "", {}),
    "budgets/budget:Budget": ("budgets", "CreateBudget", "Budget", {
        "limitAmount": "BudgetLimit.Amount", "limitUnit": "BudgetLimit.Unit", "costFilters": None, "notifications": None}),
    "cloudfront/cachePolicy:CachePolicy": ("cloudfront", "CreateCachePolicy", "CachePolicyConfig", {}),
    "cloudfront/distribution:Distribution": ("cloudfront", "CreateDistribution", "DistributionConfig", {
        "originId": "Id", "orderedCacheBehaviors": "CacheBehaviors", "webAclId": "WebACLId", "isIpv6Enabled": "IsIPV6Enabled"}),
    "cloudfront/function:Function": ("cloudfront", "CreateFunction", "", {"code": "FunctionCode", "runtime": None}),
    "cloudfront/originAccessControl:OriginAccessControl": ("cloudfront", "CreateOriginAccessControl", "OriginAccessControlConfig", {}),
    "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("cloudfront", "CreateResponseHeadersPolicy", "ResponseHeadersPolicyConfig", {}),
    "cloudfront/vpcOrigin:VpcOrigin": ("cloudfront", "CreateVpcOrigin", "", {}),
    "cloudwatch/compositeAlarm:CompositeAlarm": ("cloudwatch", "PutCompositeAlarm", "", {
        "actionsSuppressor": None, "actionsSuppressor.alarm": "ActionsSuppressor",
        "actionsSuppressor.waitPeriod": "ActionsSuppressorWaitPeriod",
        "actionsSuppressor.extensionPeriod": "ActionsSuppressorExtensionPeriod"}),
    "cloudwatch/dashboard:Dashboard": ("cloudwatch", "PutDashboard", "", {}),
    "cloudwatch/eventRule:EventRule": ("events", "PutRule", "", {}),
    "cloudwatch/eventTarget:EventTarget": ("events", "PutTargets", "Targets", {"targetId": "Id", "rule": None}),
    "cloudwatch/logDelivery:LogDelivery": ("logs", "CreateDelivery", "", {}),
    "cloudwatch/logDeliveryDestination:LogDeliveryDestination": ("logs", "PutDeliveryDestination", "", {}),
    "cloudwatch/logDeliverySource:LogDeliverySource": ("logs", "PutDeliverySource", "", {}),
    "cloudwatch/logGroup:LogGroup": ("logs", "CreateLogGroup", "", {"name": "logGroupName", "retentionInDays": None}),
    "cloudwatch/logMetricFilter:LogMetricFilter": ("logs", "PutMetricFilter", "", {
        "pattern": "filterPattern", "metricTransformation": "metricTransformations", "name": "metricName",
        "namespace": "metricNamespace", "value": "metricValue"}),
    "cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch", "PutMetricAlarm", "", {"name": "AlarmName", "metricQueries": "Metrics", "metricQueries.metric": None, "extendedStatistic": "ExtendedStatistic"}),
    "ec2/eip:Eip": ("ec2", "AllocateAddress", "", {}),
    "ec2/flowLog:FlowLog": ("ec2", "CreateFlowLogs", "", {"iamRoleArn": "DeliverLogsPermissionArn", "vpcId": None}),
    "ec2/internetGateway:InternetGateway": ("ec2", "AttachInternetGateway", "", {}),
    "ec2/natGateway:NatGateway": ("ec2", "CreateNatGateway", "", {}),
    "ec2/route:Route": ("ec2", "CreateRoute", "", {}),
    "ec2/routeTable:RouteTable": ("ec2", "CreateRouteTable", "", {}),
    "ec2/routeTableAssociation:RouteTableAssociation": ("ec2", "AssociateRouteTable", "", {}),
    "ec2/securityGroup:SecurityGroup": ("ec2", "CreateSecurityGroup", "", {}),
    "ec2/subnet:Subnet": ("ec2", "CreateSubnet", "", {}),
    "ec2/vpc:Vpc": ("ec2", "CreateVpc", "", {"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock"}),
    "ec2/vpcEndpoint:VpcEndpoint": ("ec2", "CreateVpcEndpoint", "", {}),
    "ecr/lifecyclePolicy:LifecyclePolicy": ("ecr", "PutLifecyclePolicy", "", {"policy": "lifecyclePolicyText", "repository": "repositoryName"}),
    "ecr/repository:Repository": ("ecr", "CreateRepository", "", {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"}),
    "ecs/cluster:Cluster": ("ecs", "CreateCluster", "", {"name": "clusterName"}),
    "ecs/clusterCapacityProviders:ClusterCapacityProviders": ("ecs", "PutClusterCapacityProviders", "", {"clusterName": "cluster", "defaultCapacityProviderStrategies": "defaultCapacityProviderStrategy"}),
    "ecs/service:Service": ("ecs", "CreateService", "", {
        "name": "serviceName", "capacityProviderStrategies": "capacityProviderStrategy", "loadBalancers": "loadBalancers",
        "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker", "alarms": "deploymentConfiguration.alarms",
        "deploymentMinimumHealthyPercent": "deploymentConfiguration.minimumHealthyPercent",
        "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
        "networkConfiguration": "networkConfiguration.awsvpcConfiguration"}),
    "ecs/taskDefinition:TaskDefinition": ("ecs", "RegisterTaskDefinition", "", {}),
    "elasticache/parameterGroup:ParameterGroup": ("elasticache", "CreateCacheParameterGroup", "", {"name": "CacheParameterGroupName", "family": "CacheParameterGroupFamily"}),
    "elasticache/replicationGroup:ReplicationGroup": ("elasticache", "CreateReplicationGroup", "", {
        "description": "ReplicationGroupDescription", "nodeType": "CacheNodeType", "parameterGroupName": "CacheParameterGroupName",
        "subnetGroupName": "CacheSubnetGroupName", "maintenanceWindow": "PreferredMaintenanceWindow"}),
    "elasticache/subnetGroup:SubnetGroup": ("elasticache", "CreateCacheSubnetGroup", "", {"name": "CacheSubnetGroupName", "description": "CacheSubnetGroupDescription"}),
    "elasticache/user:User": ("elasticache", "CreateUser", "", {}),
    "elasticache/userGroup:UserGroup": ("elasticache", "CreateUserGroup", "", {}),
    "iam/openIdConnectProvider:OpenIdConnectProvider": ("iam", "CreateOpenIDConnectProvider", "", {"clientIdLists": "ClientIDList"}),
    "iam/role:Role": ("iam", "CreateRole", "", {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}),
    "iam/rolePolicy:RolePolicy": ("iam", "PutRolePolicy", "", {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"}),
    "iam/rolePolicyAttachment:RolePolicyAttachment": ("iam", "AttachRolePolicy", "", {"role": "RoleName"}),
    "kms/alias:Alias": ("kms", "CreateAlias", "", {"name": "AliasName"}),
    "kms/key:Key": ("kms", "CreateKey", "", {}),
    "kms/replicaKey:ReplicaKey": ("kms", "ReplicateKey", "", {"primaryKeyArn": None}),
    "lambda/function:Function": ("lambda", "CreateFunction", "", {"name": "FunctionName", "code": None}),
    "lambda/permission:Permission": ("lambda", "AddPermission", "", {"function": "FunctionName"}),
    "lb/listener:Listener": ("elbv2", "CreateListener", "", {"certificateArn": None}),
    "lb/listenerCertificate:ListenerCertificate": ("elbv2", "AddListenerCertificates", "", {"certificateArn": "Certificates.CertificateArn"}),
    "lb/listenerRule:ListenerRule": ("elbv2", "CreateRule", "", {"conditions": None, "fixedResponse": "FixedResponseConfig", "redirect": "RedirectConfig", "forward": "ForwardConfig", "stickiness": "TargetGroupStickinessConfig", "enabled": "Enabled", "duration": "DurationSeconds"}),
    "lb/loadBalancer:LoadBalancer": ("elbv2", "CreateLoadBalancer", "", {"loadBalancerType": "Type"}),
    "lb/targetGroup:TargetGroup": ("elbv2", "CreateTargetGroup", "", {
        "healthCheck.path": "HealthCheckPath", "healthCheck.matcher": None, "healthCheck.interval": "HealthCheckIntervalSeconds",
        "healthCheck.timeout": "HealthCheckTimeoutSeconds", "healthCheck.healthyThreshold": "HealthyThresholdCount",
        "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount", "healthCheck": None}),
    "rds/cluster:Cluster": ("rds", "CreateDBCluster", "", {
        "clusterIdentifier": "DBClusterIdentifier", "dbClusterParameterGroupName": "DBClusterParameterGroupName",
        "dbInstanceParameterGroupName": None, "allowMajorVersionUpgrade": None, "finalSnapshotIdentifier": None, "skipFinalSnapshot": None,
        "deleteAutomatedBackups": None, "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
        "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports", "serverlessv2ScalingConfiguration": "ServerlessV2ScalingConfiguration"}),
    "rds/clusterInstance:ClusterInstance": ("rds", "CreateDBInstance", "", {
        "identifier": "DBInstanceIdentifier", "clusterIdentifier": "DBClusterIdentifier", "instanceClass": "DBInstanceClass",
        "dbParameterGroupName": "DBParameterGroupName", "caCertIdentifier": "CACertificateIdentifier",
        "performanceInsightsEnabled": "EnablePerformanceInsights"}),
    "rds/clusterParameterGroup:ClusterParameterGroup": ("rds", "CreateDBClusterParameterGroup", "", {
        "name": "DBClusterParameterGroupName", "family": "DBParameterGroupFamily"}),
    "rds/eventSubscription:EventSubscription": ("rds", "CreateEventSubscription", "", {"name": "SubscriptionName", "snsTopic": "SnsTopicArn"}),
    "rds/instance:Instance": ("rds", "CreateDBInstance", "", {
        "identifier": "DBInstanceIdentifier", "instanceClass": "DBInstanceClass", "username": "MasterUsername", "password": "MasterUserPassword",
        "backupWindow": "PreferredBackupWindow", "maintenanceWindow": "PreferredMaintenanceWindow", "parameterGroupName": "DBParameterGroupName",
        "caCertIdentifier": "CACertificateIdentifier", "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
        "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports", "performanceInsightsEnabled": "EnablePerformanceInsights"}),
    "rds/parameterGroup:ParameterGroup": ("rds", "CreateDBParameterGroup", "", {"name": "DBParameterGroupName", "family": "DBParameterGroupFamily"}),
    "rds/proxy:Proxy": ("rds", "CreateDBProxy", "", {"name": "DBProxyName", "auths": "Auth"}),
    "rds/subnetGroup:SubnetGroup": ("rds", "CreateDBSubnetGroup", "", {"name": "DBSubnetGroupName"}),
    "route53/healthCheck:HealthCheck": ("route53", "CreateHealthCheck", "HealthCheckConfig", {
        "fqdn": "FullyQualifiedDomainName", "enableSni": "EnableSNI"}),
    "s3/bucketOwnershipControls:BucketOwnershipControls": ("s3", "PutBucketOwnershipControls", "", {"rule": None}),
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ("s3", "PutPublicAccessBlock", "PublicAccessBlockConfiguration", {"bucket": None}),
    "s3/bucketVersioning:BucketVersioning": ("s3", "PutBucketVersioning", "", {}),
    "scheduler/schedule:Schedule": ("scheduler", "CreateSchedule", "", {}),
    "secretsmanager/secret:Secret": ("secretsmanager", "CreateSecret", "", {"recoveryWindowInDays": None}),
    "secretsmanager/secretVersion:SecretVersion": ("secretsmanager", "PutSecretValue", "", {}),
    "sns/topic:Topic": ("sns", "CreateTopic", "", {}),
    "sns/topicSubscription:TopicSubscription": ("sns", "Subscribe", "", {"topic": "TopicArn"}),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("ec2", "AuthorizeSecurityGroupEgress", "IpPermissions", {"securityGroupId": None}),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("ec2", "AuthorizeSecurityGroupIngress", "IpPermissions", {"securityGroupId": None}),
    "wafv2/webAcl:WebAcl": ("wafv2", "CreateWebACL", "", {}),
    "wafv2/webAclAssociation:WebAclAssociation": ("wafv2", "AssociateWebACL", "", {}),
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ("wafv2", "PutLoggingConfiguration", "LoggingConfiguration", {}),
}

session = botocore.session.get_session()
models = {}


def call(service, name):
    if service not in models:
        models[service] = session.get_service_model(service)
    return models[service].operation_model(name).input_shape


def squeezed(name):
    name = name.lower()
    return re.sub(r"(ies|es|s)$", lambda end: "y" if end[0] == "ies" else "e" if end[0] == "es" else "", name).rstrip("e")


def unknown(value):
    return isinstance(value, dict) and ("$unknown" in value or "$secret" in value)


def matches(pattern, text):
    """Java's patterns, of which Python does not know all."""
    try:
        return re.search(f"^(?:{pattern})$" if not pattern.startswith("^") else pattern, text, re.S) is not None
    except re.error:
        return True


def members(shape):
    return shape.members if shape.type_name == "structure" else {}


def walk(shape, dotted):
    for step in dotted.split("."):
        shape = members(shape)[step]
        while shape.type_name == "list":
            shape = shape.member
    return shape


class Resource:
    def __init__(self, one, names, found):
        self.one, self.names, self.found, self.errors = one, names, found, []

    def fail(self, path, message):
        self.errors.append({"type": self.one["type"], "name": self.one["name"], "path": path, "message": message})

    def structure(self, value, shape, path=""):
        known = {squeezed(name): name for name in members(shape)}
        for key, item in value.items():
            dotted = f"{path}.{key}" if path else key
            if key in ("tags", "region") or item is None:
                continue
            name = self.names.get(dotted, self.names.get(key, known.get(squeezed(key))))
            target = None
            if name is not None:
                try:
                    target = walk(shape, name) if "." in name else members(shape).get(name)
                except KeyError:
                    target = None
            if target is None:
                # Some of what is in it may have a place of its own.
                if isinstance(item, dict) and not unknown(item) and any(one.startswith(f"{dotted}.") for one in self.names):
                    self.structure(item, shape, dotted)
                else:
                    self.found["unchecked"].add(re.sub(r"\[\d+\]", "", dotted))
                continue
            self.found["checked"].add(re.sub(r"\[\d+\]", "", dotted))
            self.value(item, target, dotted)

    def value(self, item, shape, path):
        if unknown(item):
            return
        kind = shape.type_name
        if kind == "structure" and "Items" in members(shape) and not (isinstance(item, dict) and "items" not in item):
            return self.value(item["items"] if isinstance(item, dict) else item, members(shape)["Items"], path)
        if isinstance(item, str) and kind in ("structure", "list") and item[:1] in "[{":
            item = json.loads(item)
        if kind == "list":
            for index, one in enumerate(item if isinstance(item, list) else [item]):
                self.value(one, shape.member, f"{path}[{index}]")
            return
        if kind == "structure":
            if isinstance(item, list):
                item = item[0] if item else {}
            if not isinstance(item, dict):
                return self.fail(path, "is no structure")
            return self.structure(item, shape, path)
        if kind == "map":
            return None if isinstance(item, dict) else self.fail(path, "is no map")
        if kind == "boolean":
            return None if isinstance(item, bool) or item in ("true", "false") else self.fail(path, f"{item} is no boolean")
        if kind in ("integer", "long", "float", "double"):
            try:
                number = float(item)
            except (TypeError, ValueError):
                return self.fail(path, f"{item} is no number")
            low, high = shape.metadata.get("min"), shape.metadata.get("max")
            if (low is not None and number < low) or (high is not None and number > high):
                self.fail(path, f"{item} is not {low} to {high}")
            return None
        if kind == "string":
            text = item if isinstance(item, str) else json.dumps(item)
            if isinstance(item, bool) and set(shape.enum) == {"ENABLED", "DISABLED"}:
                return None
            if shape.enum and text not in shape.enum:
                return self.fail(path, f"{text} is none of {', '.join(shape.enum)}")
            low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
            if len(text) < low or (high is not None and len(text) > high):
                return self.fail(path, f"{len(text)} characters, and {low} to {high} are taken")
            pattern = shape.metadata.get("pattern")
            if pattern and not matches(pattern, text):
                self.fail(path, f"{text} does not match {pattern}")
        return None


def main(plan):
    errors, types = [], {}
    for one in plan["resources"]:
        kind = one["type"]
        if not kind.startswith("aws:"):
            continue
        described = CALLS.get(kind[len("aws:"):])
        found = types.setdefault(kind, {"call": described and f"{described[0]}:{described[1]}", "checked": set(), "unchecked": set()})
        if described is None:
            found["unchecked"] |= set(one["inputs"])
            continue
        service, operation, inner, names = described
        shape = call(service, operation)
        resource = Resource(one, names, found)
        resource.structure(one["inputs"], walk(shape, inner) if inner else shape)
        errors += resource.errors
    for found in types.values():
        found["unchecked"] = sorted(found["unchecked"] - found["checked"])
        found["checked"] = sorted(found["checked"])
    print(json.dumps({"errors": errors, "types": types}))


main(json.load(sys.stdin))
