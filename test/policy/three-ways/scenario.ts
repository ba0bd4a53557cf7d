import type { Plan, PlanResource, PlanValue } from "../../../tools/plan/plan";

/** The id of another resource of the scenario, which only the deployment brings. */
export interface Reference {
  readonly ref: string;
}

type Input = null | boolean | number | string | Reference | readonly Input[] | { readonly [key: string]: Input };

export interface ScenarioResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [key: string]: Input };
}

export const project = "parity";
export const stack = "test";

const open: Reference = { ref: "anchor" };
const pod = (container: { readonly [key: string]: Input }, spec: { readonly [key: string]: Input } = {}) => ({
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "shop:1.4.2", ...container }], ...spec },
    },
  },
});

/** Resources that pass, fail and cannot be judged, alone and across the stack, on all three targets. */
export const scenario: readonly ScenarioResource[] = [
  { type: "aws:sns/topic:Topic", name: "anchor", inputs: {} },
  { type: "aws:s3/bucket:Bucket", name: "assets", inputs: {} },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    name: "assets-block",
    inputs: {
      bucket: { ref: "assets" },
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: false,
    },
  },
  { type: "aws:s3/bucket:Bucket", name: "media", inputs: { acl: "public-read" } },
  {
    type: "aws:rds/instance:Instance",
    name: "primary",
    inputs: { engine: "postgres", publiclyAccessible: true, storageEncrypted: open, backupRetentionPeriod: 14 },
  },
  {
    type: "aws:rds/instance:Instance",
    name: "reports",
    inputs: { engine: "postgres", publiclyAccessible: true, storageEncrypted: true, deletionProtection: true },
  },
  {
    type: "aws:ec2/securityGroup:SecurityGroup",
    name: "web",
    inputs: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] },
  },
  {
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name: "open",
    inputs: { ipProtocol: "tcp", cidrIpv4: open },
  },
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "web",
    inputs: {
      family: "web",
      containerDefinitions: JSON.stringify([
        { name: "web", image: "shop:latest", environment: [{ name: "DB_PASSWORD", value: "hunter2" }] },
      ]),
    },
  },
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "worker",
    inputs: { family: "worker", containerDefinitions: open },
  },
  {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    inputs: pod({ securityContext: { privileged: true, runAsNonRoot: open } }),
  },
  {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "web",
    inputs: { metadata: { name: "web", namespace: "shop" }, spec: { podSelector: { matchLabels: { app: "web" } } } },
  },
  {
    type: "docker:index/container:Container",
    name: "db",
    inputs: { image: "postgres:17.4", envs: ["POSTGRES_PASSWORD=hunter2"], ports: [{ internal: 5432 }], memory: open },
  },
];

export const configuration = {
  rules: { "rds-backup": { minimumDays: 30 }, "ecr-scan": { level: "disabled" } },
  exemptions: [
    { rule: "rds-private", resource: "rep*", reason: "a sandbox, until it is moved", expires: "2099-12-31" },
    { rule: "s3-acl", resource: "media", reason: "was to be moved last year", expires: "2020-01-01" },
  ],
} as const;

export function urnOf({ type, name }: ScenarioResource): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

/** URNs that each property refers to. */
export function referencesOf({ inputs }: ScenarioResource): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, [...new Set(referred(input))].map(urnNamed)]),
  );
}

function referred(input: Input): string[] {
  if (typeof input !== "object" || input === null) return [];
  return "ref" in input ? [input.ref as string] : Object.values(input).flatMap((value) => referred(value));
}

function urnNamed(name: string): string {
  const found = scenario.find((resource) => resource.name === name);
  if (!found) throw new Error(`the scenario has no ${name}`);
  return urnOf(found);
}

/** The scenario as the in-process preview would record it. */
export function toPlan(): Plan {
  const resources = scenario.map((resource): PlanResource => ({
    urn: urnOf(resource),
    type: resource.type,
    name: resource.name,
    custom: true,
    inputs: fill(resource.inputs, (name) => ({ $unknown: [`${urnNamed(name)}#id`] })) as Record<string, PlanValue>,
    outputs: {},
    dependencies: [],
    propertyDependencies: referencesOf(resource),
    options: {},
    operation: "create",
  }));
  return { version: 1, project, stack, source: "in-process", resources, outputs: {}, diagnostics: [] };
}

/** Replaces references by what stands for an unknown value somewhere else. */
export function fill(input: Input, unknown: (name: string) => unknown): unknown {
  if (typeof input !== "object" || input === null) return input;
  if ("ref" in input) return unknown(input.ref as string);
  if (Array.isArray(input)) return (input as readonly Input[]).map((item) => fill(item, unknown));
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, fill(value, unknown)]));
}
