import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { trustOf } from "../../shared/aws-policy-document";
import { awsArn } from "../../shared/aws-region";

/** By which RDS writes metrics of a server's operating system: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html */
export function rdsMonitoringRole(name: string, options: CustomResourceOptions): aws.iam.Role {
  const { accountId } = aws.getCallerIdentityOutput({}, options);
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: trustOf("monitoring.rds.amazonaws.com", accountId) },
    options,
  );
  new aws.iam.RolePolicyAttachment(
    name,
    { role: role.name, policyArn: awsArn("iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole") },
    options,
  );
  return role;
}
