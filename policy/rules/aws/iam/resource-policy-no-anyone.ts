import { defineRule } from "../../../rule";
import type { Value } from "../../../value";
import { type Statement, statements } from "../iam-document";
import { aws } from "../types";

/** Conditions on who calls, or from where; what a caller writes into a header says neither. */
const telling =
  /^aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|sourceip|sourcevpc|sourcevpce|vpcsourceip|principalarn|principalaccount|principalorgid|principalorgpaths|principaltag\/.+|principalservicename|principalisawsservice|resourceorgid|calledvia|viaawsservice)$|^(kms:(calleraccount|viaservice|grantisforawsresource)|s3:(dataaccesspoint(arn|account)|resourceaccount)|sns:endpoint|lambda:functionurlauthtype|elasticfilesystem:accessedviamounttarget)$/i;

/** `aws:Referer`, `aws:UserAgent`, encryption and dates narrow nobody down; `StringNotEquals` and absent keys do not either. */
function namesCaller(statement: Statement): boolean {
  return statement.condition
    .entries()
    .some(
      ([operator, tests]) =>
        !/not|ifexists|null/i.test(operator) &&
        tests
          .entries()
          .some(([key, values]) => telling.test(key) && !values.items().every((value) => isEverything(value))),
    );
}

/** Two halves of the internet are all of it: nobody owns more than a /8, or a /16 of IPv6. */
const wide = /^[\d.]+\/[0-7]$|^[\da-f:]*:[\da-f:]*\/(\d|1[0-5])$/i;

function isEverything(value: Value): boolean {
  // What is not known yet is an output, and so somebody's.
  if (value.isUnknown || value.isSecret) return false;
  return value.is("*", "arn:aws:*", "arn:*") || value.text()?.matches(wide) === true;
}

export default defineRule({
  id: "resource-policy-no-anyone",
  title: "No resource policy allows anybody",
  severity: "critical",
  level: "mandatory",
  appliesTo: [
    ...aws.bucket,
    ...aws.bucketPolicy,
    /^aws:sns\/topic(Policy)?:/,
    /^aws:sqs\/queue(Policy)?:/,
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    /^aws:kms\/(key|keyPolicy):/,
    /^aws:secretsmanager\/secret(Policy)?:Secret/,
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:backup/vaultPolicy:VaultPolicy",
    "aws:apigateway/restApi:RestApi",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    /^aws:codeartifact\/(domain|repository)PermissionsPolicy:/,
    /^aws:(dynamodb|kinesis)\/resourcePolicy:/,
    "aws:glacier/vault:Vault",
    "aws:glue/resourcePolicy:ResourcePolicy",
    "aws:mediastore/containerPolicy:ContainerPolicy",
    /^aws:opensearch\/domain(Policy)?:|^aws:elasticsearch\/domain(Policy)?:/,
    /^aws:s3\/(accessPoint|directoryBucketPolicy):|^aws:s3control\/bucketPolicy:|^aws:s3tables\/tableBucketPolicy:/,
    "aws:vpclattice/authPolicy:AuthPolicy",
  ],
  references: ["FSBP S3.2", "FSBP SNS.4", "FSBP SQS.3", "CKV_AWS_70", "CKV_AWS_33", "CKV_AWS_169", "CKV_AWS_32"],
  why: '`Principal: "*"` without a condition is the whole internet.',
  fix: "Name the principal, or add a condition on `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`.",
  judge(resource, { each, fail }) {
    const document =
      ["policy", "accessPolicy", "accessPolicies", "policyDocument", "resourcePolicy"]
        .map((name) => resource.get(name))
        .find(({ present }) => present) ?? resource.get("policy");
    if (!document.present) return;
    each(statements(document), (statement) => {
      if (!statement.allows) return;
      each(statement.principals("AWS"), (principal) => {
        if (principal.is("*") && !namesCaller(statement)) fail(principal, "Anybody is allowed.");
      });
      // Everybody but a few is everybody else, accounts that nobody has heard of among them.
      const except = statement.value.either("NotPrincipal", "notPrincipal", "notPrincipals");
      if (except.present) fail(except, "Anybody but the named is allowed.");
    });
  },
});
