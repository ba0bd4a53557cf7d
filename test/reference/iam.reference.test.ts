import { deepEqual, equal } from "node:assert/strict";
import type { Plan } from "../../tools/plan/plan";
import { account, type Evaluator, evaluator, type Policy, policiesBy, policyIn, type Statement } from "./iam-evaluator";
import { planOf, referenceTools } from "./plans";

const log = (name: string) => `arn:aws:logs:eu-central-1:${account}:log-group:${name}:log-stream:one`;
const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:${account}:secret:${name}-AbCdEf`;
const databaseSecret = `arn:aws:secretsmanager:eu-central-1:${account}:secret:rds!db-1-AbCdEf`;
const key = `arn:aws:kms:eu-central-1:${account}:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const distribution = `arn:aws:cloudfront::${account}:distribution/E1A2B3C4D5E6F7`;
const ecs = `arn:aws:ecs:eu-central-1:${account}`;
const repository = `arn:aws:ecr:eu-central-1:${account}:repository/image`;

/** What an output of a resource will be like. */
function outputLike(source: string): string {
  const [urn = "", property = ""] = source.split("#");
  const name = urn.split("::").at(-1)!;
  if (/getCallerIdentity/.test(urn)) return account;
  if (/rds\/(instance|cluster):/.test(urn) && /secretArn/.test(property)) return databaseSecret;
  if (/kms\/(key|replicaKey)/.test(urn) && property === "arn") return key;
  if (/logGroup/.test(urn) && property === "arn") return `arn:aws:logs:eu-central-1:${account}:log-group:${name}`;
  if (/secretsmanager\/secret:/.test(urn) && property === "arn") return secret(name);
  if (/secretsmanager\/secretVersion/.test(urn)) return secret(name);
  if (/ecs\/taskDefinition/.test(urn)) return `${ecs}:task-definition/slipway-prod-${name}:7`;
  if (/ecr\/repository/.test(urn) && property === "arn") return repository;
  if (/iam\/role:/.test(urn) && property === "arn") return roleArn(name);
  if (/cloudfront\/distribution/.test(urn) && property === "arn") return distribution;
  if (/sns\/topic/.test(urn)) return `arn:aws:sns:eu-central-1:${account}:${name}`;
  return name;
}

type Row = readonly [role: string, action: string, resource: string];

/** Who may do what in the stack: [role, action, resource]. Whatever is not here is nobody's. */
const ofProduction: readonly Row[] = [
  ["web-execution", "logs:CreateLogStream", log("web")],
  ["web-execution", "logs:PutLogEvents", log("web")],
  ["web-execution", "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
  ["web-execution", "secretsmanager:GetSecretValue", secret("secrets-encryption-key")],
  ["web-execution", "secretsmanager:GetSecretValue", secret("cache-password")],
  ["web-execution", "kms:Decrypt", key],
  ["web-task", "secretsmanager:GetSecretValue", databaseSecret],
  ["web-task", "s3:GetObject", "arn:aws:s3:::storage/a.png"],
  ["web-task", "s3:PutObject", "arn:aws:s3:::storage/a.png"],
  ["web-task", "s3:DeleteObject", "arn:aws:s3:::storage/a.png"],
  ["web-task", "s3:ListBucket", "arn:aws:s3:::storage"],
  ["web-task", "s3:PutObject", "arn:aws:s3:::assets/_next/static/chunks/a.js"],
  ["web-task", "cloudfront:CreateInvalidation", distribution],
  ["network-flow", "logs:CreateLogStream", log("network-flow")],
  ["network-flow", "logs:PutLogEvents", log("network-flow")],
  // AWS asks with an empty stream.
  [
    "network-flow",
    "logs:DescribeLogStreams",
    `arn:aws:logs:eu-central-1:${account}:log-group:network-flow:log-stream:`,
  ],
  ["network-flow", "logs:DescribeLogGroups", "*"],
  // The migration, a task of its own: what starts it, what its agent may fetch, what the command may do.
  ["web-migration-execution", "logs:CreateLogStream", log("web-migration")],
  ["web-migration-execution", "logs:PutLogEvents", log("web-migration")],
  ["web-migration-task", "secretsmanager:GetSecretValue", databaseSecret],
  ["web-migration-run", "logs:CreateLogStream", log("web-migration-run")],
  ["web-migration-run", "logs:PutLogEvents", log("web-migration-run")],
  ["web-migration-run", "ecs:RunTask", `${ecs}:task-definition/slipway-prod-web-migration:7`],
  ["web-migration-run", "ecs:ListTasks", "*"],
  ["web-migration-run", "ecs:DescribeTasks", `${ecs}:task/web/0a1b2c3d4e5f67890a1b2c3d4e5f6789`],
  ["web-migration-run", "iam:PassRole", roleArn("web-migration-execution")],
  ["web-migration-run", "iam:PassRole", roleArn("web-migration-task")],
  ["cdn-purge", "logs:CreateLogStream", log("cdn-purge")],
  ["cdn-purge", "logs:PutLogEvents", log("cdn-purge")],
  ["cdn-purge", "cloudfront:CreateInvalidation", distribution],
];

const deniedInProduction: readonly Row[] = [
  ["web-migration-execution", "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
  ["web-migration-execution", "secretsmanager:GetSecretValue", secret("secrets-encryption-key")],
  ["web-migration-execution", "secretsmanager:GetSecretValue", secret("cache-password")],
  ["web-migration-execution", "kms:Decrypt", key],
  ["web-execution", "secretsmanager:GetSecretValue", databaseSecret],
  ["web-execution", "secretsmanager:GetSecretValue", secret("other")],
  ["web-execution", "secretsmanager:PutSecretValue", secret("secrets-auth-secret")],
  ["web-execution", "s3:GetObject", "arn:aws:s3:::storage/a.png"],
  ["web-execution", "logs:PutLogEvents", log("network-flow")],
  ["web-execution", "logs:DeleteLogStream", log("web")],
  ["web-execution", "ecr:BatchGetImage", repository],
  ["web-task", "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
  ["web-task", "secretsmanager:GetSecretValue", secret("cache-password")],
  ["web-task", "s3:PutObject", "arn:aws:s3:::assets/index.html"],
  ["web-task", "cloudfront:CreateInvalidation", `${distribution}X`],
  ["web-task", "cloudfront:UpdateDistribution", distribution],
  ["web-task", "s3:DeleteObject", "arn:aws:s3:::assets/_next/static/chunks/a.js"],
  ["web-task", "s3:GetObject", "arn:aws:s3:::web-alb-logs/a"],
  ["web-task", "s3:DeleteBucket", "arn:aws:s3:::storage"],
  ["web-task", "kms:ScheduleKeyDeletion", key],
  ["web-task", "kms:Decrypt", key],
  ["web-task", "iam:PassRole", `arn:aws:iam::${account}:role/web-execution`],
  ["network-flow", "logs:PutLogEvents", log("web")],
  ["web-migration-run", "ecs:RunTask", `${ecs}:task-definition/slipway-prod-web:7`],
  ["web-migration-run", "ecs:StopTask", `${ecs}:task/web/0a1b2c3d4e5f67890a1b2c3d4e5f6789`],
  ["web-migration-run", "iam:PassRole", roleArn("web-task")],
  ["web-migration-run", "secretsmanager:GetSecretValue", databaseSecret],
  ["web-migration-task", "s3:GetObject", "arn:aws:s3:::storage/a.png"],
  ["cdn-purge", "cloudfront:UpdateDistribution", distribution],
];

/** What ECS may do to start a task of an image that the stack builds. */
const starts = (process: string): Row[] => [
  [`${process}-execution`, "ecr:GetAuthorizationToken", "*"],
  [`${process}-execution`, "ecr:BatchCheckLayerAvailability", repository],
  [`${process}-execution`, "ecr:BatchGetImage", repository],
  [`${process}-execution`, "ecr:GetDownloadUrlForLayer", repository],
  [`${process}-execution`, "logs:CreateLogStream", log(process)],
  [`${process}-execution`, "logs:PutLogEvents", log(process)],
  [`${process}-execution`, "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
  [`${process}-execution`, "secretsmanager:GetSecretValue", secret("secrets-encryption-key")],
  [`${process}-execution`, "secretsmanager:GetSecretValue", secret("cache-password")],
  [`${process}-execution`, "kms:Decrypt", key],
];
/** What a process may do that reads the password which the stack itself keeps. */
const connects = (role: string): Row[] => [
  [role, "secretsmanager:GetSecretValue", secret("database-password")],
  [role, "kms:Decrypt", key],
];
const uploads = (role: string): Row[] => [
  [role, "s3:GetObject", "arn:aws:s3:::storage/a.png"],
  [role, "s3:PutObject", "arn:aws:s3:::storage/a.png"],
  [role, "s3:DeleteObject", "arn:aws:s3:::storage/a.png"],
  [role, "s3:ListBucket", "arn:aws:s3:::storage"],
];
const unchanged = /^(network-flow|cdn-purge|web-migration-run)$/;

const tables: Readonly<Record<string, { readonly allowed: readonly Row[]; readonly denied: readonly Row[] }>> = {
  production: { allowed: ofProduction, denied: deniedInProduction },
  "with all that is optional": {
    allowed: [
      ...ofProduction.filter(([role]) => unchanged.test(role)),
      ...["web", "web-migration", "worker-mail", "job-cleanup"].flatMap((process) => [
        // A migration gets no secret that signs, encrypts or sends.
        ...starts(process).filter(
          ([, action]) => process !== "web-migration" || !/^(secretsmanager|kms):/.test(action),
        ),
        ...connects(`${process}-task`),
      ]),
      ...["web", "worker-mail", "job-cleanup"].flatMap((process) => uploads(`${process}-task`)),
      ["web-task", "s3:PutObject", "arn:aws:s3:::assets/_next/static/chunks/a.js"],
      ["web-task", "cloudfront:CreateInvalidation", distribution],
      ...connects("database-proxy"),
      ["job-cleanup-schedule", "ecs:RunTask", `${ecs}:task-definition/slipway-prod-job-cleanup:7`],
      ["job-cleanup-schedule", "iam:PassRole", roleArn("job-cleanup-execution")],
      ["job-cleanup-schedule", "iam:PassRole", roleArn("job-cleanup-task")],
    ],
    denied: [
      ["worker-mail-task", "s3:PutObject", "arn:aws:s3:::assets/_next/static/chunks/a.js"],
      ["job-cleanup-task", "s3:PutObject", "arn:aws:s3:::assets/_next/static/chunks/a.js"],
      ["job-cleanup-task", "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
      ["job-cleanup-schedule", "ecs:RunTask", `${ecs}:task-definition/slipway-prod-web:7`],
      ["job-cleanup-schedule", "iam:PassRole", roleArn("web-task")],
      ["web-execution", "ecr:PutImage", repository],
      ["web-execution", "secretsmanager:GetSecretValue", secret("database-password")],
      ["database-proxy", "secretsmanager:GetSecretValue", secret("secrets-auth-secret")],
      ["worker-mail-execution", "logs:PutLogEvents", log("web")],
      ...starts("web-migration").filter(([, action]) => /^(secretsmanager|kms):/.test(action)),
    ],
  },
};

for (const [stack, { allowed, denied }] of Object.entries(tables)) {
  describe(`who may do what on AWS, by an evaluator of IAM that is not ours: ${stack}`, function () {
    this.timeout(60_000);
    let evaluate: Evaluator;
    let policies: Map<string, Policy>;
    let keyPolicy: Policy;

    before(async function () {
      const tools = referenceTools();
      if (tools === undefined) {
        console.log("      not there: bash test/reference/build.sh");
        this.skip();
      }
      evaluate = evaluator(tools, "Discovery");
      const plan = await planOf(stack);
      policies = rolePolicies(plan);
      keyPolicy = policyIn(plan.resources.find(({ type }) => type === "aws:kms/key:Key")!.inputs["policy"], outputLike);
    });

    const rolePolicies = ({ resources }: Plan) =>
      policiesBy(
        resources
          .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
          .map(({ inputs }) => [
            outputLike((inputs["role"] as { $unknown: string[] }).$unknown[0]!),
            policyIn(inputs["policy"], outputLike),
          ]),
      );

    const may = (role: string, action: string, resource: string, policy = policies.get(role)!) =>
      evaluate({ role, action, resource, policy, keyPolicy });

    for (const [role, action, resource] of allowed) {
      it(`${role} may ${action} ${resource}`, async () => equal(await may(role, action, resource), true));
    }
    for (const [role, action, resource] of denied) {
      it(`${role} may not ${action} ${resource}`, async () => equal(await may(role, action, resource), false));
    }

    it("names every role that has a policy, and none that has not", () => {
      deepEqual([...new Set(allowed.map(([role]) => role))].sort(), [...policies.keys()].sort());
    });

    it("has no permission that nothing in the table needs", async () => {
      const unused: string[] = [];
      for (const [role, policy] of policies) {
        for (const [at, statement] of policy.Statement.entries()) {
          for (const [part, less] of parts(statement)) {
            const without = policy.Statement.flatMap((one, index) => (index === at ? less : [one]));
            const needs = allowed.filter(([of]) => of === role);
            const results = await Promise.all(
              needs.map(async ([, action, resource]) =>
                without.length === 0 ? false : await may(role, action, resource, { ...policy, Statement: without }),
              ),
            );
            if (results.every(Boolean)) unused.push(`${role}: ${part}`);
          }
        }
      }
      deepEqual(unused, []);
    });
  });
}

/** A statement less one of its actions or resources, each way. */
function parts(statement: Statement): [string, Statement[]][] {
  const list = (value: Statement["Resource"]) =>
    value === undefined ? [] : typeof value === "string" ? [value] : value;
  return (["Action", "Resource"] as const).flatMap((kind) => {
    const all = list(statement[kind]);
    return all.map((one): [string, Statement[]] => {
      const rest = all.filter((other) => other !== one);
      return [`${kind} ${one}`, rest.length === 0 ? [] : [{ ...statement, [kind]: rest }]];
    });
  });
}
