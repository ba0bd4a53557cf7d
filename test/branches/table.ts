import type { Branch } from "./branch";

/** What a careful reviewer would write of a branch. */
export interface Verdict extends Branch {
  readonly gravity: "danger" | "attention" | "calm";
  /** Is said, in comment and terminal alike. */
  readonly says: readonly RegExp[];
  /** Is not said, in neither. */
  readonly silent?: readonly RegExp[];
}

const image = (digest: string) => `ghcr.io/acme/shop@sha256:${digest.repeat(64)}`;
const bucket = (name: string, more = "{}") => `new aws.s3.Bucket("${name}", ${more});`;
const database = (name: string, more = "") =>
  `new aws.rds.Instance("${name}", { engine: "postgres", instanceClass: "db.t4g.micro", allocatedStorage: 20, multiAz: false, backupRetentionPeriod: 7, skipFinalSnapshot: true, storageEncrypted: true${more} });`;
const group = (port: string, from: string) =>
  `new aws.ec2.SecurityGroup("door", { ingress: [{ protocol: "tcp", fromPort: ${port}, toPort: ${port}, cidrBlocks: ["${from}"] }] });`;
const door = (port: number, from: string) =>
  `{ protocol: "tcp", fromPort: ${port}, toPort: ${port}, cidrBlocks: ["${from}"] }`;
const doors = (...rules: string[]) => `new aws.ec2.SecurityGroup("door", { ingress: [${rules.join(", ")}] });`;
const role = (statement: string) =>
  `new aws.iam.RolePolicy("app", { role: "app", policy: JSON.stringify({ Version: "2012-10-17", Statement: [${statement}] }) });`;

const keyed = (key: string) =>
  `new aws.dynamodb.Table("users", { hashKey: "${key}", attributes: [{ name: "${key}", type: "S" }], billingMode: "PAY_PER_REQUEST", pointInTimeRecovery: { enabled: true }, deletionProtectionEnabled: false });`;
const remote = (name: string) =>
  `new pulumi.ComponentResource("acme:network:Vpc", "${name}", { cidr: "10.0.0.0/16" }, {}, true);`;
const block = `new aws.s3.BucketPublicAccessBlock("block", { bucket: "acme-uploads", blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });`;
const tied = database("reports").replace(");", ", { replaceWith: [tied] });");
const claim = (storage: string) =>
  `new k8s.core.v1.PersistentVolumeClaim("data", { metadata: { namespace: "shop-staging" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "${storage}" } } } });`;
const set = `new k8s.apps.v1.StatefulSet("search", { metadata: { namespace: "shop-staging" }, spec: { serviceName: "search", selector: { matchLabels: { app: "search" } }, template: { metadata: { labels: { app: "search" } }, spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: "data" } }] } });`;
const container = (volume: string) =>
  `new (require("@pulumi/docker").Container)("reports", { image: "postgres@sha256:${"1".repeat(64)}", volumes: [{ volumeName: "${volume}", containerPath: "/var/lib/postgresql/data" }] });`;

/** Branches. Settings, Settings, components, versions, resources written by hand, renames, policies, guards, workflows. */
export const branches: Readonly<Record<string, Verdict>> = {
  // Settings of the shipped stacks.
  "nothing is changed": {
    branch: {},
    gravity: "calm",
    says: [/changes nothing/],
    silent: [/policies fail/, /Harmless/],
  },
  "a release": {
    branch: { settings: { "slipway:image": image("9") } },
    gravity: "calm",
    says: [/slipway:image/, /new revision/],
    silent: [/loses/, /None of them is known to hold data/],
  },
  "a larger database": {
    branch: { settings: { "slipway:database": { instanceClass: "db.t4g.large" } } },
    gravity: "attention",
    says: [
      /slipway:database\.instanceClass/,
      /db\.t4g\.medium/,
      /1 to 2 minutes, while the standby takes over/,
      /\+\$\d+/,
    ],
    silent: [/refuse/],
  },
  "no standby": {
    branch: { settings: { "slipway:database": { standby: false } } },
    gravity: "danger",
    says: [/rds-multi-az/, /−\$\d+/],
  },
  "less storage": {
    base: { settings: { "slipway:database": { storageGb: 100 } } },
    branch: { settings: { "slipway:database": { storageGb: 50 } } },
    gravity: "danger",
    says: [/refuse/, /storage/i],
  },
  "an older PostgreSQL": {
    branch: { settings: { "slipway:database": { version: "16" } } },
    gravity: "danger",
    says: [/refuse/],
  },
  "a newer PostgreSQL": {
    branch: { settings: { "slipway:database": { version: "18" } } },
    gravity: "danger",
    says: [/refused without allowMajorVersionUpgrade/],
  },
  "fewer days of backups": {
    branch: { settings: { "slipway:database": { backupRetentionDays: 7 } } },
    gravity: "danger",
    says: [/backup/i, /restore points/],
  },
  "protection of the data goes": {
    branch: { settings: { "slipway:database": { protect: false } } },
    gravity: "danger",
    says: [/no longer protected/, /deletion protection is off/],
  },
  "the database goes": {
    branch: { settings: { "slipway:database": { implementation: "none", separateRoles: false } } },
    gravity: "danger",
    says: [/data/, /refuse/],
    silent: [/None of them is known to hold data/],
  },
  "the cache goes": {
    branch: { settings: { "slipway:cache": { implementation: "none" } } },
    gravity: "danger",
    says: [/deletes/, /−\$\d+/],
  },
  "another region": {
    branch: { settings: { "aws:region": "eu-west-1" } },
    gravity: "danger",
    says: [/replaces/, /data/],
  },
  "a region without prices": {
    branch: { settings: { "aws:region": "ap-southeast-7" } },
    gravity: "danger",
    says: [/not known/],
    silent: [/−\$\d/],
  },
  "another domain": {
    branch: { settings: { "slipway:domain": "store.example.com" } },
    gravity: "attention",
    says: [/slipway:domain/, /store\.example\.com/],
  },
  "a variable of the application": {
    branch: { settings: { "slipway:service": { environment: { LOG_LEVEL: "debug" } } } },
    gravity: "calm",
    says: [/LOG_LEVEL/],
    silent: [/environment\[\d+\]/],
  },
  "more replicas": {
    branch: { settings: { "slipway:service": { maxReplicas: 20 } } },
    gravity: "calm",
    says: [/maxCapacity|maxReplicas/, /with the most replicas/],
  },
  "a setting that does not exist": {
    branch: { settings: { "slipway:databse": { standby: false } } },
    gravity: "danger",
    says: [/did you mean/, /Nothing was created/],
  },
  "a value out of range": {
    branch: { settings: { "slipway:release": { canary: { weightPercent: 140 } } } },
    gravity: "danger",
    says: [/settings are wrong/, /weightPercent/],
  },
  "the stack file is deleted": {
    branch: { deleted: true },
    gravity: "danger",
    says: [/stack file is deleted/, /Merging alone destroys nothing/],
    silent: [/saves|−\$/],
  },
  "a new stack": {
    base: { deleted: true },
    branch: {},
    gravity: "calm",
    says: [/adds \d+/, /\$\d+ a month/],
  },
  // The other targets.
  "Kubernetes: another image": {
    stack: "staging",
    branch: { settings: { "slipway:image": image("8") } },
    gravity: "calm",
    says: [/slipway:image/],
  },
  "Kubernetes: another namespace": {
    stack: "staging",
    branch: {
      settings: {
        "slipway:kubernetes": {
          namespace: "shop",
          ingressClass: "traefik",
          ingressNamespace: "traefik",
          backupBucket: "s3://b",
        },
      },
    },
    gravity: "danger",
    says: [/replaces/, /start on an empty one|loses/i],
    silent: [/None of them is known to hold data/],
  },
  "Kubernetes: no standby": {
    stack: "staging",
    branch: { settings: { "slipway:database": { standby: false } } },
    gravity: "calm",
    says: [/instances/, /cnpg-ha/],
  },
  "Docker: another domain": {
    stack: "local",
    branch: { settings: { "slipway:domain": "shop.localhost" } },
    gravity: "attention",
    says: [/slipway:domain/],
  },
  // Policies, exemptions, guards.
  "a rule is disabled": {
    branch: { settings: { "slipway:policies": { rules: { "rds-multi-az": { level: "disabled" } } } } },
    gravity: "danger",
    says: [/Relaxed by this change/, /rds-multi-az/, /was mandatory and is disabled/],
  },
  "a rule is lowered, and what it stopped is done": {
    branch: {
      settings: {
        "slipway:policies": { rules: { "rds-multi-az": { level: "advisory" } } },
        "slipway:database": { standby: false },
      },
    },
    gravity: "danger",
    says: [/was mandatory and is advisory/, /relaxes 1/],
  },
  "an exemption": {
    branch: {
      settings: {
        "slipway:policies": {
          exemptions: [{ rule: "sm-rotation", resource: "*", reason: "later", expires: "2099-01-01" }],
        },
      },
    },
    gravity: "danger",
    says: [/exempt/, /sm-rotation/, /later/],
  },
  "rules are stricter": {
    base: { settings: { "slipway:policies": { rules: { "alarm-actions": { level: "disabled" } } } } },
    branch: {},
    gravity: "calm",
    says: [/slipway:policies/],
    silent: [/Relaxed/],
  },
  "a month that is too dear": {
    base: { settings: { "slipway:guards": { monthlyUsd: 330 } } },
    branch: {
      settings: { "slipway:guards": { monthlyUsd: 330 }, "slipway:database": { instanceClass: "db.m6g.xlarge" } },
    },
    gravity: "danger",
    says: [/at most \$330 is allowed/, /guards crossed 1/],
  },
  "a month that is too dear only with the most replicas": {
    base: { settings: { "slipway:guards": { monthlyUsd: 900 } } },
    branch: { settings: { "slipway:guards": { monthlyUsd: 900 }, "slipway:service": { maxReplicas: 60 } } },
    gravity: "danger",
    says: [/A month would cost up to \$[\d,]+ with the most replicas; at most \$900 is allowed/],
  },
  "less use is assumed, and so the month is cheap enough": {
    base: { settings: { "slipway:guards": { monthlyUsd: 300 } } },
    branch: {
      settings: { "slipway:guards": { monthlyUsd: 300 }, "slipway:costs": { "cdn.requestsPerMonth": 0 } },
    },
    gravity: "danger",
    says: [/at most \$300 is allowed/, /cdn\.requestsPerMonth/],
  },
  "a guard is loosened with what it stops": {
    base: { settings: { "slipway:guards": { monthlyUsd: 330 } } },
    branch: {
      settings: { "slipway:guards": { monthlyUsd: 900 }, "slipway:database": { instanceClass: "db.m6g.xlarge" } },
    },
    gravity: "danger",
    says: [/at most \$330 is allowed/, /was 330 and is 900/],
  },
  "data is lost with the label for it": {
    base: { settings: { "slipway:guards": { dataLossLabel: "loses-data" } } },
    branch: {
      settings: { "slipway:guards": { dataLossLabel: "loses-data" }, "slipway:database": { backupRetentionDays: 7 } },
    },
    labels: ["loses-data"],
    gravity: "danger",
    says: [/restore points/],
    silent: [/guards crossed/],
  },
  "data is lost without the label for it": {
    base: { settings: { "slipway:guards": { dataLossLabel: "loses-data" } } },
    branch: {
      settings: { "slipway:guards": { dataLossLabel: "loses-data" }, "slipway:database": { backupRetentionDays: 7 } },
    },
    gravity: "danger",
    says: [/loses-data/, /guards crossed 1/],
  },
  "an outage above the class": {
    base: { settings: { "slipway:guards": { outage: "seconds" } } },
    branch: {
      settings: { "slipway:guards": { outage: "seconds" }, "slipway:database": { instanceClass: "db.t4g.large" } },
    },
    gravity: "danger",
    says: [/interrupt the site for minutes; at most seconds is allowed/],
  },
  "a workflow is edited": {
    branch: {},
    changedFiles: [".github/workflows/deploy.yml"],
    gravity: "attention",
    says: [/\.github\/workflows\/deploy\.yml/, /with which rights/],
  },
  "CODEOWNERS is edited": { branch: {}, changedFiles: ["CODEOWNERS"], gravity: "attention", says: [/CODEOWNERS/] },
  // Resources written by hand.
  "a bucket": {
    branch: { program: bucket("uploads") },
    gravity: "danger",
    says: [/adds 1/, /s3-bpa/],
  },
  "a bucket is renamed": {
    base: { program: bucket("uploads") },
    branch: { program: bucket("files") },
    gravity: "danger",
    says: [/aliases: \[\{ name: "uploads" \}\]/, /every object/],
  },
  "a bucket is renamed with its alias": {
    base: { program: bucket("uploads") },
    branch: { program: `new aws.s3.Bucket("files", {}, { aliases: [{ name: "uploads" }] });` },
    // What failed under the old name fails still, and is not this branch's doing.
    gravity: "danger",
    says: [/changes nothing/, /failed on the base already/i],
    silent: [/every object/, /Add a bucket policy that denies[^<]*\n[^<]*<details>/],
  },
  "a database moves into a component": {
    base: { program: database("reports") },
    branch: {
      program: `const parent = new pulumi.ComponentResource("shop:index:Reports", "reports-all");
        ${database("reports").replace(");", ", { parent });").replace("}, {", "}, {")}`,
    },
    gravity: "danger",
    says: [/urn:pulumi:\$\{pulumi\.getStack\(\)\}/, /all data/],
  },
  "a database is replaced for its encryption": {
    base: { program: database("reports") },
    branch: { program: database("reports", ", kmsKeyId: 'arn:aws:kms:eu-central-1:1:key/1'") },
    gravity: "danger",
    says: [/replaces 1 \(data\)/, /all data/, /kmsKeyId/],
  },
  "a protected database is replaced": {
    base: { program: database("reports").replace(");", ", { protect: true });") },
    branch: {
      program: database("reports", ", kmsKeyId: 'arn:aws:kms:eu-central-1:1:key/1'").replace(
        ");",
        ", { protect: true });",
      ),
    },
    gravity: "danger",
    says: [/refuses/, /protected/],
    silent: [/nothing will stop it/],
  },
  "a retained database is orphaned": {
    base: { program: database("reports").replace(");", ", { retainOnDelete: true });") },
    branch: {},
    gravity: "attention",
    says: [/unmanaged|no longer managed/],
    silent: [/loses all data/],
  },
  "a door that was open on 22 opens everything": {
    base: { program: group("22", "0.0.0.0/0") },
    branch: { program: group("22", "0.0.0.0/0").replace("toPort: 22", "toPort: 65535") },
    gravity: "danger",
    says: [/sg-open/],
    silent: [/base already: sg-open|Failed on the base already: 2/],
  },
  "doors in another order": {
    base: { program: doors(door(22, "0.0.0.0/0"), door(443, "10.0.0.0/8")) },
    branch: { program: doors(door(443, "10.0.0.0/8"), door(22, "0.0.0.0/0")) },
    gravity: "danger",
    says: [/base already[^]*sg-open/i],
    silent: [/^ {4}sg-open {2}/m],
  },
  "a wider door in front of the one that was open": {
    base: { program: doors(door(22, "0.0.0.0/0")) },
    branch: { program: doors(door(5432, "0.0.0.0/0"), door(22, "0.0.0.0/0")) },
    gravity: "danger",
    says: [/sg-open/, /ingress\[0\]/],
  },
  "a statement in front of one that allowed too much": {
    base: { program: role('{ Effect: "Allow", Action: "s3:*", Resource: "*" }') },
    branch: {
      program: role(
        '{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:eu-central-1:1:log-group:a" }, { Effect: "Allow", Action: "s3:*", Resource: "*" }',
      ),
    },
    gravity: "calm",
    says: [/changes 1/],
    silent: [/^ {4}iam-no-service-admin {2}/m],
  },
  "a table is given another key": {
    base: { program: keyed("id") },
    branch: { program: keyed("email") },
    gravity: "danger",
    says: [/every item of the table/, /start on an empty one/, /hashKey/],
  },
  "public access to a bucket is no longer blocked": {
    base: { program: `${bucket("uploads")} ${block}` },
    branch: { program: bucket("uploads") },
    gravity: "danger",
    says: [/Relaxed by this change/, /public access is no longer blocked/],
  },
  "a database changes to a provider of another region": {
    base: { program: database("reports") },
    branch: {
      program: `const west = new aws.Provider("west", { region: "us-west-2" });
        ${database("reports").replace(");", ", { provider: west });")}`,
    },
    gravity: "danger",
    says: [/provider\.region/, /all data/, /replaces 1 \(data\)/],
  },
  "a database is replaced with a bucket": {
    base: { program: `const tied = new aws.s3.Bucket("tied", { bucket: "acme-a" }); ${tied}` },
    branch: { program: `const tied = new aws.s3.Bucket("tied", { bucket: "acme-b" }); ${tied}` },
    gravity: "danger",
    says: [/replaceWith/, /all data/],
  },
  "old objects are to be deleted": {
    base: { program: bucket("uploads") },
    branch: {
      program: `${bucket("uploads")} new aws.s3.BucketLifecycleConfiguration("old", { bucket: "acme-uploads", rules: [{ id: "old", status: "Enabled", expiration: { days: 30 } }] });`,
    },
    gravity: "danger",
    says: [/Objects older than 30 days are deleted/],
  },
  "Kubernetes: a claim shrinks": {
    stack: "staging",
    base: { program: claim("20Gi") },
    branch: { program: claim("10Gi") },
    gravity: "danger",
    says: [/A claim cannot shrink from 20Gi to 10Gi/],
  },
  "Kubernetes: a StatefulSet goes": {
    stack: "staging",
    base: { program: set },
    branch: {},
    gravity: "attention",
    says: [/its PersistentVolumeClaims stay, no longer managed/],
    silent: [/None of them is known to hold data/],
  },
  "Docker: a container is started on another volume": {
    stack: "local",
    base: { program: container("pg") },
    branch: { program: container("pg2") },
    gravity: "danger",
    says: [/without the volume pg/],
  },
  "a component that its package makes goes": {
    base: { program: remote("vpc") },
    branch: {},
    gravity: "attention",
    says: [/deletes 1/, /not known here whether it holds data/, /cost not known/],
    silent: [/None of them is known to hold data/],
  },
  "a component that its package makes comes": {
    branch: { program: remote("vpc") },
    gravity: "calm",
    says: [/adds 1/, /cost not known/, /what is in it is not known, judged or priced here/],
  },
  "a role of everything": {
    branch: { program: role('{ Effect: "Allow", Action: "*:*", Resource: "*" }') },
    gravity: "danger",
    says: [/iam-no-admin/],
  },
  "a role that can make itself an administrator": {
    branch: { program: role('{ Effect: "Allow", Action: "iam:CreatePolicyVersion", Resource: "*" }') },
    gravity: "danger",
    says: [/iam-escalation/],
  },
  "a secret in a function": {
    branch: {
      program: `new aws.lambda.Function("mail", { role: "arn:aws:iam::1:role/x", runtime: "nodejs24.x", handler: "i.h", s3Bucket: "b", s3Key: "k", environment: { variables: { SMTP_PASSWORD: "hunter2" } } });`,
    },
    gravity: "danger",
    says: [/lambda-env-secrets/],
    silent: [/hunter2/],
  },
  "a secret in a ConfigMap's JSON": {
    stack: "staging",
    branch: {
      program: `new k8s.core.v1.ConfigMap("more", { metadata: { namespace: "shop-staging" }, data: { "a.json": JSON.stringify({ smtp: { password: "hunter2" } }) } });`,
    },
    gravity: "danger",
    says: [/k8s-config-secret/],
  },
  "a plain NodePort": {
    stack: "staging",
    branch: {
      program: `new k8s.core.v1.Service("more", { metadata: { namespace: "shop-staging" }, spec: { type: "NodePort", selector: { a: "b" }, ports: [{ port: 80 }] } });`,
    },
    gravity: "danger",
    says: [/k8s-service-plain-http/],
  },
  "a program that throws": {
    branch: { program: `throw new Error("no such thing");` },
    gravity: "danger",
    says: [/no such thing/, /program\.cjs/],
  },
  "a program that throws in a transform": {
    branch: {
      program: `pulumi.runtime.registerResourceTransform(async () => { throw new Error("no owner"); }); ${bucket("late")}`,
    },
    gravity: "danger",
    says: [/no owner/, /program\.cjs/],
  },
  "a transform that protects what is written by hand": {
    base: { program: database("reports") },
    branch: {
      program: `pulumi.runtime.registerResourceTransform(async ({ type, props, opts }) => type.startsWith("aws:rds") ? { props: { ...props, deletionProtection: true }, opts } : undefined); ${database("reports")}`,
    },
    gravity: "danger",
    says: [/deletionProtection/],
    silent: [/Only the engine applies/],
  },
  "a program that leaves a timer running": {
    branch: { program: `setTimeout(() => undefined, 60_000).hasRef();` },
    gravity: "calm",
    says: [/leaves a timer running/],
  },
  "a program that throws late": {
    branch: { program: `pulumi.output(1).apply(() => { throw new Error("too late"); });` },
    gravity: "danger",
    says: [/too late/],
  },
};
