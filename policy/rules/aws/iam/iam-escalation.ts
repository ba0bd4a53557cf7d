import { defineRule } from "../../../rule";
import { covers, eachGrant, identityPolicyHolders, isEveryAction, isEveryResource } from "../iam-document";

/** With one of these on anybody its holder becomes an administrator. https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/ */
const ways = [
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:AttachUserPolicy",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:PutUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:AddUserToGroup",
  "iam:UpdateAssumeRolePolicy",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:CreateServiceSpecificCredential",
  "lambda:UpdateFunctionCode",
  "lambda:UpdateFunctionConfiguration",
  "ssm:SendCommand",
  "ssm:StartSession",
  "ecs:ExecuteCommand",
  "codebuild:StartBuild",
  "cloudformation:UpdateStack",
  "glue:UpdateDevEndpoint",
  "sagemaker:CreatePresignedNotebookInstanceUrl",
  "sts:AssumeRole",
];

export default defineRule({
  id: "iam-escalation",
  title: "Nobody can make an administrator of himself",
  severity: "critical",
  level: "mandatory",
  appliesTo: identityPolicyHolders,
  references: ["CKV_AWS_286", "CKV_AWS_289"],
  why: "Who may change any policy, function or role has all that they may do.",
  fix: "Name the resources, or leave the action to the role that deploys.",
  judge(resource, context) {
    const { each, fail } = context;
    eachGrant(resource, context, (statement) => {
      if (statement.conditional) return;
      const onEverything = () => statement.list("Resource").some(isEveryEntity);
      each(statement.list("Action"), (action) => {
        // All of it is another rule's.
        if (isEveryAction(action)) return;
        const way = ways.find((one) => covers(action.string() ?? "", one));
        if (way !== undefined && onEverything())
          fail(action, `With ${way} on everything its holder becomes an administrator.`);
      });
      const except = statement.list("NotAction");
      if (except.length > 0 && onEverything() && !except.some((action) => action.is("iam:*")))
        fail(except[0]!, "All but the named actions is IAM too: its holder becomes an administrator.");
    });
  },
});

/** `*`, `arn:aws:iam::*:role/*`, `arn:aws:lambda:*:*:function:*`: everything of its kind. */
function isEveryEntity(target: Parameters<typeof isEveryResource>[0]): boolean {
  // What is not known yet is an output, and so one of them.
  if (target.isUnknown) return false;
  return (
    isEveryResource(target) || target.text()?.matches(/^arn:[\w*-]+:[\w*-]+:[\w*-]*:[\d*]*:[a-z-]+[/:]\*$/) === true
  );
}
