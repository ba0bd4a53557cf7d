import { deepEqual } from "node:assert/strict";
import { all } from "../record";
import { rolesOf } from "../workflows/roles";
import { account, type Evaluator, evaluator, type Policy, policiesBy, policyIn } from "./iam-evaluator";
import { referenceTools } from "./plans";

type Context = Readonly<Record<string, string>>;

const ours: Context = { "aws:ResourceTag/stack": "slipway-prod" };
const others: Context = { "aws:ResourceTag/stack": "slipway-other" };
const boundary = `arn:aws:iam::${account}:policy/boundary`;
const secret = `arn:aws:secretsmanager:eu-central-1:${account}:secret:secrets-auth-secret-AbCdEf`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const state = "arn:aws:s3:::acme-pulumi-state/.pulumi/stacks/slipway/prod.json";
const key = `arn:aws:kms:eu-central-1:${account}:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789`;
const database = `arn:aws:rds:eu-central-1:${account}:db:database-1`;
const ecsTasks: Context = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };

/** [roles that may, action, resource, context of the request]; who is not named may not. */
const table: readonly (readonly [string, string, string, Context?])[] = [
  // Seeing, which all do, and no content.
  ["preview drift deploy drill", "rds:DescribeDBInstances", "*"],
  ["preview drift deploy", "iam:GetRole", role("slipway-prod-deploy")],
  // Those that AWS publishes have no account, which this evaluator does not take.
  ["", "ssm:GetParameter", `arn:aws:ssm:eu-central-1:${account}:parameter/password`],
  ["", "s3:GetObject", "arn:aws:s3:::storage-1/upload.png"],
  ["", "logs:GetLogEvents", `arn:aws:logs:eu-central-1:${account}:log-group:web:log-stream:one`],
  ["", "dynamodb:GetItem", `arn:aws:dynamodb:eu-central-1:${account}:table/orders`],
  // Secrets of the stack: never for the code of a pull request, and never those of others.
  ["drift deploy", "secretsmanager:GetSecretValue", secret, ours],
  ["", "secretsmanager:GetSecretValue", secret, others],
  ["", "secretsmanager:GetSecretValue", secret],
  ["deploy", "secretsmanager:PutSecretValue", secret, ours],
  ["", "secretsmanager:DeleteSecret", secret, others],
  ["drift deploy", "kms:Decrypt", key, ours],
  ["", "kms:Decrypt", key, others],
  // State.
  ["preview drift deploy drill", "s3:GetObject", state],
  ["deploy", "s3:PutObject", state],
  ["", "s3:PutObject", "arn:aws:s3:::somebody-elses/state.json"],
  // Changing, which only the deployment does.
  ["deploy", "ecs:UpdateService", `arn:aws:ecs:eu-central-1:${account}:service/web/web`],
  ["deploy", "rds:ModifyDBInstance", database],
  ["deploy", "cloudfront:UpdateDistribution", `arn:aws:cloudfront::${account}:distribution/E1A2B3C4D5E6F7`],
  ["deploy", "lambda:UpdateFunctionCode", `arn:aws:lambda:eu-central-1:${account}:function:cdn-purge`, ours],
  ["", "lambda:UpdateFunctionCode", `arn:aws:lambda:eu-central-1:${account}:function:billing`, others],
  // A drill: a restore of the stack's own beside it, of which the copy alone may go.
  ["drill", "rds:RestoreDBInstanceToPointInTime", database, ours],
  ["", "rds:RestoreDBInstanceToPointInTime", database, others],
  ["drill", "rds:RestoreDBInstanceToPointInTime", `${database}-drill-20261127-031500`],
  ["deploy drill", "rds:DeleteDBInstance", `${database}-drill-20261127-031500`],
  ["deploy", "rds:DeleteDBInstance", database, ours],
  ["drill", "ssm:PutParameter", `arn:aws:ssm:eu-central-1:${account}:parameter/slipway/prod/database-1/drill`],
  ["", "ssm:PutParameter", `arn:aws:ssm:eu-central-1:${account}:parameter/billing`],
  ["deploy drill", "kms:CreateGrant", key, { ...ours, "kms:GrantIsForAWSResource": "true" }],
  ["deploy", "kms:CreateGrant", key, ours],
  // People, keys and consoles are nobody's.
  ["", "iam:CreateUser", `arn:aws:iam::${account}:user/eve`],
  ["", "iam:CreateAccessKey", `arn:aws:iam::${account}:user/eve`],
  ["", "sts:AssumeRole", role("administrator")],
  ["", "ecs:ExecuteCommand", `arn:aws:ecs:eu-central-1:${account}:task/web/1`],
  ["", "ssm:StartSession", `arn:aws:ec2:eu-central-1:${account}:instance/i-1`],
  // Roles: of the stack, within the limit, handed to services alone.
  [
    "deploy",
    "iam:CreateRole",
    role("web-task-1"),
    { "aws:RequestTag/stack": "slipway-prod", "iam:PermissionsBoundary": boundary },
  ],
  ["", "iam:CreateRole", role("web-task-1"), { "aws:RequestTag/stack": "slipway-prod" }],
  ["", "iam:CreateRole", role("web-task-1"), { "iam:PermissionsBoundary": boundary }],
  ["deploy", "iam:PutRolePolicy", role("web-task-1"), { ...ours, "iam:PermissionsBoundary": boundary }],
  ["", "iam:PutRolePolicy", role("web-task-1"), ours],
  ["", "iam:PutRolePolicy", role("administrator"), { ...others, "iam:PermissionsBoundary": boundary }],
  ["", "iam:DeleteRolePermissionsBoundary", role("web-task-1"), ours],
  ["deploy", "iam:PassRole", role("web-task-1"), ecsTasks],
  ["", "iam:PassRole", role("web-task-1"), { "iam:PassedToService": "ec2.amazonaws.com" }],
  // And who may deploy is not for the deployment to say.
  ["", "iam:PutRolePolicy", role("slipway-prod-deploy"), { ...ours, "iam:PermissionsBoundary": boundary }],
  ["", "iam:UpdateAssumeRolePolicy", role("slipway-prod-preview"), ours],
  ["", "iam:PassRole", role("slipway-prod-deploy"), ecsTasks],
  ["", "iam:TagRole", role("slipway-prod-drift"), { ...ours, "aws:RequestTag/stack": "slipway-prod" }],
];

/** What AWS gives a key by itself: the account's root, which lets roles decide. */
const keyPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" }],
};

describe("what the roles of GitHub's workflows may, by an evaluator of IAM that is not ours", function () {
  this.timeout(60_000);
  let evaluate: Evaluator;
  let policies: Map<string, Policy>;

  before(async function () {
    const tools = referenceTools();
    if (tools === undefined) {
      console.log("      not there: bash test/reference/build.sh");
      this.skip();
    }
    evaluate = evaluator(tools, "Strict");
    const plan = await rolesOf({
      state: { bucket: "acme-pulumi-state", keyArn: `arn:aws:kms:eu-central-1:${account}:key/state` },
      permissionsBoundary: boundary,
    });
    policies = policiesBy(
      all(plan, "aws:iam/rolePolicy:RolePolicy").map(({ name, inputs }) => [
        name.replace(/^github-(\w+)-\d$/, "$1"),
        policyIn(inputs["policy"], outputLike),
      ]),
    );
  });

  const outputLike = (source: string) =>
    source.includes("getCallerIdentity")
      ? account
      : `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;

  const may = (who: string, action: string, resource: string, context: Context) =>
    evaluate({ role: `slipway-prod-${who}`, action, resource, policy: policies.get(who)!, context, keyPolicy });

  for (const [allowed, action, resource, context = {}] of table) {
    const of = Object.entries(context).map(([name, value]) => `${name}=${value}`);
    it(`${action} on ${resource} ${of.join(" ")}: ${allowed || "nobody"}`, async () => {
      const found: string[] = [];
      for (const who of ["preview", "drift", "deploy", "drill"])
        if (await may(who, action, resource, context)) found.push(who);
      deepEqual(found.join(" "), allowed);
    });
  }
});
