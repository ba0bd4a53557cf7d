import { shapeOf, type Shape } from "./invoke-shapes";

/**
 * Questions that a program asks a provider while it runs, answered without one. Where only the account knows, the answer
 * is a token. A question that is not in the table gets the shape that the provider's own SDK declares for the answer, with
 * a token for each text, and the preview says so. Without such a declaration it is an error: a made-up answer would make
 * a made-up preview.
 */
export type Answers = (token: string, args: Record<string, unknown>, unknown: (property: string) => string) => Answered;

interface Answered {
  readonly result: Record<string, unknown>;
  /** True for a stand-in, which the reader is informed of. */
  readonly madeUp: boolean;
}

export function answersOf({ region, projectDir }: { readonly region: string; readonly projectDir: string }): Answers {
  return (token, args, unknown) => {
    if (rendered.test(token)) return { result: { result: [] }, madeUp: true };
    const known = answers[token];
    if (known) return { result: known(args, region, unknown), madeUp: false };
    const shape = shapeOf(token, projectDir);
    if (shape) return { result: standIn(shape, args, unknown), madeUp: true };
    throw new Error(
      `the in-process preview cannot answer ${token}: it would take the provider. ` +
        "Give the value as an argument, or compare by the engine: slipway diff --engine",
    );
  };
}

/** A chart's or a folder's objects, which the provider renders: none here, and the preview says so. */
const rendered = /^kubernetes:(helm:template|kustomize:directory)$/;

/** What was asked by is echoed, as providers do; lists of texts get two, so that indexing finds something. */
function standIn(shape: Shape, args: Record<string, unknown>, unknown: (property: string) => string) {
  return Object.fromEntries(
    Object.entries(shape).map(([name, type]) => {
      if (args[name] !== undefined) return [name, args[name]];
      if (type === "text") return [name, unknown(name)];
      if (type === "texts") return [name, [unknown(`${name}[0]`), unknown(`${name}[1]`)]];
      if (type === "list") return [name, []];
      return [name, type === "number" ? 0 : type === "truth" ? false : {}];
    }),
  );
}

type Answer = (
  args: Record<string, unknown>,
  region: string,
  unknown: (property: string) => string,
) => Record<string, unknown>;

const answers: Readonly<Record<string, Answer>> = {
  "aws:index/getRegion:getRegion": (_, region) => ({
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": (_, region) => {
    const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    return { id: partition, partition, dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com" };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_, __, unknown) => ({
    id: unknown("accountId"),
    accountId: unknown("accountId"),
    arn: unknown("arn"),
    userId: unknown("userId"),
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: [1, 2, 3].map((zone) => `${region}-az${zone}`),
  }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_, __, unknown) => ({
    id: unknown("id"),
    userName: "AWS",
    password: unknown("password"),
    proxyEndpoint: unknown("proxyEndpoint"),
    authorizationToken: unknown("authorizationToken"),
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => ({
    id: "document",
    json: policyDocument(args),
    minifiedJson: policyDocument(args),
  }),
  "aws:ec2/getVpc:getVpc": existing("arn", "id", "cidrBlock"),
  "aws:ecs/getCluster:getCluster": existing("arn", "id"),
  "aws:elasticache/getReplicationGroup:getReplicationGroup": (args, _, unknown) => ({
    ...existing("arn", "id", "primaryEndpointAddress", "readerEndpointAddress")(args, _, unknown),
    port: 6379,
  }),
  "aws:lb/getListener:getListener": existing("arn", "id"),
  "aws:lb/getLoadBalancer:getLoadBalancer": (args, _, unknown) => ({
    ...existing("arn", "id", "arnSuffix", "dnsName", "zoneId", "vpcId")(args, _, unknown),
    securityGroups: [unknown("securityGroups[0]")],
  }),
  "aws:rds/getCluster:getCluster": (args, _, unknown) => ({
    ...existing("id", "endpoint", "readerEndpoint", "masterUsername", "arn")(args, _, unknown),
    port: 5432,
    masterUserSecrets: [{ secretArn: unknown("masterUserSecrets[0].secretArn") }],
  }),
  "aws:rds/getInstance:getInstance": (args, _, unknown) => ({
    ...existing("id", "address", "endpoint", "masterUsername", "dbInstanceArn")(args, _, unknown),
    port: 5432,
    masterUserSecrets: [{ secretArn: unknown("masterUserSecrets[0].secretArn") }],
  }),
  "aws:ssm/getParameter:getParameter": (args, _, unknown) => ({
    id: args["name"],
    name: args["name"],
    arn: unknown("arn"),
    type: "String",
    value: unknown("value"),
  }),
  "kubernetes:yaml:decode": ({ text, defaultNamespace }) => ({ result: objectsIn(text, defaultNamespace) }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, _, unknown) => ({
    id: unknown("id"),
    name: args["name"],
    arn: unknown("arn"),
  }),
};

/** Objects of a YAML text as the provider reads it: lists taken apart, those without a namespace put into the given one. */
function objectsIn(text: unknown, namespace: unknown): unknown[] {
  if (typeof text !== "string") return [];
  // Loaded late: few programs hand over YAML.
  const { parseAllDocuments } = require("yaml") as typeof import("yaml");
  type Item = { readonly kind?: string; readonly items?: readonly unknown[]; readonly metadata?: object };
  return [...parseAllDocuments(text)]
    .map((document) => (document as { toJS(): unknown }).toJS() as Item | null)
    .flatMap((item) => (item?.kind?.endsWith("List") && item.items ? (item.items as Item[]) : item ? [item] : []))
    .map((item) => ({
      ...item,
      ...(typeof namespace === "string" && namespace !== "" && { metadata: { namespace, ...item.metadata } }),
    }));
}

/** What exists already, and what it is called: the rest only AWS knows. */
function existing(...properties: readonly string[]): Answer {
  return (args, _, unknown) => ({
    ...Object.fromEntries(properties.map((property) => [property, unknown(property)])),
    ...args,
  });
}

/** What the provider makes of statements: https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument */
function policyDocument({ version = "2012-10-17", policyId, statements = [] }: Record<string, unknown>): string {
  type Given = Record<string, unknown> & {
    readonly principals?: readonly { readonly type: string; readonly identifiers: readonly unknown[] }[];
    readonly notPrincipals?: Given["principals"];
    readonly conditions?: readonly {
      readonly test: string;
      readonly variable: string;
      readonly values: readonly unknown[];
    }[];
  };
  const one = (list: unknown) => (Array.isArray(list) && list.length === 1 ? (list[0] as unknown) : list);
  const who = (list: Given["principals"]) => {
    if (!list || list.length === 0) return undefined;
    if (list.some(({ type, identifiers }) => type === "*" && identifiers.includes("*"))) return "*";
    return Object.fromEntries(list.map(({ type, identifiers }) => [type, one(identifiers)]));
  };
  const conditions = (list: Given["conditions"] = []) => {
    const tests: Record<string, Record<string, unknown>> = {};
    for (const { test, variable, values } of list) (tests[test] ??= {})[variable] = one(values);
    return list.length > 0 ? tests : undefined;
  };
  const statement = (given: Given) => ({
    Sid: given["sid"],
    Effect: given["effect"] ?? "Allow",
    Principal: who(given.principals),
    NotPrincipal: who(given.notPrincipals),
    Action: one(given["actions"]),
    NotAction: one(given["notActions"]),
    Resource: one(given["resources"]),
    NotResource: one(given["notResources"]),
    Condition: conditions(given.conditions),
  });
  return JSON.stringify({ Version: version, Id: policyId, Statement: (statements as Given[]).map(statement) });
}
