import * as pulumi from "@pulumi/pulumi";

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?:
    | "*"
    | Readonly<Record<"AWS" | "Service", pulumi.Input<string>>>
    | { readonly Service: string }
    | { readonly AWS: pulumi.Input<string> }
    | { readonly Federated: pulumi.Input<string> };
  readonly Action: string | readonly string[];
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>>;
}

export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * Trust in ECS itself, as AWS documents it: without a condition. That ECS sends `aws:SourceAccount` when it moves traffic or
 * calls a hook is not documented, and a condition that is never met would fail every release. Who may hand the role to ECS
 * is decided by iam:PassRole: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export function trustOfEcs(): pulumi.Output<string> {
  return policyDocument([{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }]);
}

/**
 * Who may take a role. A service acts for every account of AWS; without the account in the condition another account
 * could have it act with this role: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustOf(service: string, accountId: pulumi.Input<string>): pulumi.Output<string> {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
  ]);
}
