import type { AwsEcsSettings } from "../../../../../stacks/settings/settings";
import { missing, present, unknown } from "../../answers";
import type { Answer } from "../../contract";
import { pulumiRow } from "../../pulumi";
import type { Facts, Row } from "../facts";

export const accountRows: readonly Row[] = [
  pulumiRow,
  {
    id: "region",
    needs: "the region is enabled in the account",
    when: "every stack",
    asked: "aws ec2 describe-regions --all-regions --region-names REGION",
    remedy: "enable it",
    applies: () => true,
    async ask({ aws, region }) {
      const { Regions } = await aws<{ Regions: readonly { OptInStatus: string }[] }>(
        ...["ec2", "describe-regions", "--all-regions", "--region-names", region],
      );
      const status = Regions[0]?.OptInStatus ?? "not known";
      return status === "opted-in" || status === "opt-in-not-required"
        ? present(status)
        : missing(`${region} is ${status}`, `aws account enable-region --region-name ${region}`);
    },
  },
  {
    id: "permissions",
    needs: "you may make what the stack is made of",
    when: "every stack",
    asked: "aws iam simulate-principal-policy --policy-source-arn ROLE --action-names ...",
    remedy: "a role with these actions",
    applies: () => true,
    ask: askPermissions,
  },
];

/** One action for each kind of resource: who lacks it lacks its siblings, too. */
export function actionsOf({ build, cache, cdn, database, network, tls }: AwsEcsSettings): string[] {
  return [
    ...["ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateSecurityGroup", "ec2:CreateFlowLogs"],
    ...["ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:CreateService"],
    ...["elasticloadbalancing:CreateLoadBalancer", "application-autoscaling:RegisterScalableTarget"],
    ...["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole", "kms:CreateKey", "secretsmanager:CreateSecret"],
    ...["logs:CreateLogGroup", "cloudwatch:PutMetricAlarm", "sns:CreateTopic", "s3:CreateBucket", "wafv2:CreateWebACL"],
    ...(database.implementation === "rds" ? ["rds:CreateDBInstance"] : []),
    ...(database.implementation === "aurora-serverless-v2" ? ["rds:CreateDBCluster", "rds:CreateDBInstance"] : []),
    ...(cache.implementation === "elasticache" ? ["elasticache:CreateReplicationGroup"] : []),
    ...(cdn.implementation === "cloudfront" ? ["cloudfront:CreateDistribution"] : []),
    ...(tls.hostedZoneId === undefined ? [] : ["route53:ChangeResourceRecordSets", "acm:RequestCertificate"]),
    ...(network.nat === "none"
      ? []
      : ["ec2:AllocateAddress", network.nat === "instance" ? "ec2:RunInstances" : "ec2:CreateNatGateway"]),
    ...(build === undefined ? [] : ["ecr:CreateRepository"]),
  ];
}

/** The simulator knows roles and users, and not the session of one. Policies of the organization are not in its answer. */
async function askPermissions({ aws, caller: { Arn }, settings }: Facts): Promise<Answer> {
  const role = Arn.replace(/^(arn:[\w-]+:)sts(::\d+:)assumed-role\/([^/]+)\/.*$/, "$1iam$2role/$3");
  const actions = actionsOf(settings);
  if (role.endsWith(":root")) return unknown("the root user asks, whom nobody simulates", "# sign in with a role");
  const { EvaluationResults } = await aws<{
    EvaluationResults: readonly { readonly EvalActionName: string; readonly EvalDecision: string }[];
  }>("iam", "simulate-principal-policy", "--policy-source-arn", role, "--action-names", ...actions);
  const denied = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  return denied.length === 0
    ? present(`${actions.length} actions are allowed to ${role}`)
    : missing(
        `not allowed to ${role}: ${denied.map(({ EvalActionName }) => EvalActionName).join(", ")}`,
        "# a policy with these actions for the role",
      );
}
