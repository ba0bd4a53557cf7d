import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { AwsCloud, typeOf } from "./aws-cloud";
import { propertyChanges } from "../../../tools/sources/difference/properties";
import { forcesReplacement } from "../../../tools/sources/difference/replacements";
import type { PlanResource, PlanValue } from "../../../tools/plan/plan";

type Properties = Record<string, unknown>;

/** Questions that the stacks ask AWS while they run. */
const answers: Readonly<Record<string, (args: Properties, region: string) => Properties>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: "111122223333",
    accountId: "111122223333",
    arn: "arn:aws:iam::111122223333:user/test",
    userId: "AIDATEST",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: ["1", "2", "3"].map((zone) => `${region}-az${zone}`),
  }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args) => ({
    id: "pl-test",
    name: args["name"],
    arn: "arn:test",
  }),
  "aws:ec2/getVpc:getVpc": ({ id }) => ({ id, cidrBlock: "10.20.0.0/16" }),
  "aws:ecs/getCluster:getCluster": ({ clusterName }, region) => ({
    id: clusterName,
    clusterName,
    arn: `arn:aws:ecs:${region}:111122223333:cluster/${String(clusterName)}`,
  }),
  "aws:lb/getLoadBalancer:getLoadBalancer": ({ arn }) => ({
    id: arn,
    arn,
    arnSuffix: String(arn).split(":loadbalancer/")[1],
    dnsName: "main.elb.example.com",
    zoneId: "Z215JYRZR1TBD5",
    securityGroups: ["sg-0a1b2c3d"],
  }),
  "aws:lb/getListener:getListener": ({ loadBalancerArn }) => ({
    id: "listener",
    arn: `${String(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/f2f7dc8efc522ab2`,
  }),
  "aws:rds/getCluster:getCluster": ({ clusterIdentifier }) => ({
    id: clusterIdentifier,
    clusterIdentifier,
    endpoint: `${String(clusterIdentifier)}.rds.example.com`,
    readerEndpoint: `${String(clusterIdentifier)}.ro.rds.example.com`,
    port: 5432,
    masterUsername: "shop",
    masterUserSecrets: [{ secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds-AbCdEf" }],
  }),
  "aws:rds/getInstance:getInstance": ({ dbInstanceIdentifier }) => ({
    id: dbInstanceIdentifier,
    dbInstanceIdentifier,
    address: `${String(dbInstanceIdentifier)}.rds.example.com`,
    port: 5432,
    masterUsername: "shop",
    masterUserSecrets: [{ secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds-AbCdEf" }],
  }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ id: name, name, value: "ami-0a1b2c3d4e5f67890" }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
    id: "test",
    userName: "AWS",
    password: "not-a-password",
    authorizationToken: "not-a-token",
    proxyEndpoint: "https://ecr.example.com",
    expiresAt: "2099-01-01T00:00:00Z",
  }),
};

const managedPassword = {
  masterUserSecrets: [
    {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!test",
      secretStatus: "active",
      kmsKeyId: "test",
    },
  ],
};

/** Outputs that programs build other values from; of AWS beside a text for each name in {@link texts}. */
const computed: Readonly<Record<string, (inputs: Properties, id: string) => Properties>> = {
  "docker:index/container:Container": (_, id) => ({ name: id, exitCode: 0, containerLogs: "said" }),
  "docker:index/remoteImage:RemoteImage": ({ name }) => ({ repoDigest: name, imageId: "sha256:1" }),
  "docker-build:index:Image": () => ({ ref: "app:1", digest: "sha256:1" }),
  "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: "key" }),
  "tls:index/selfSignedCert:SelfSignedCert": () => ({ certPem: "certificate" }),
  "aws:acm/certificate:Certificate": ({ domainName, subjectAlternativeNames = [] }) => ({
    domainValidationOptions: [domainName, ...(subjectAlternativeNames as string[])].map((name) => ({
      domainName: name,
      resourceRecordName: `_test.${String(name)}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "_test.acm-validations.example.",
    })),
  }),
  "aws:ec2/instance:Instance": (_, id) => ({ primaryNetworkInterfaceId: `eni-${id}` }),
  "aws:rds/cluster:Cluster": () => ({ ...managedPassword, readerEndpoint: "reader.rds.example.com" }),
  "aws:rds/instance:Instance": () => managedPassword,
};

const texts = [
  "address",
  "arn",
  "arnSuffix",
  "bucket",
  "bucketRegionalDomainName",
  "certificateArn",
  "dnsName",
  "domainName",
  "endpoint",
  "fqdn",
  "hostedZoneId",
  "keyId",
  "name",
  "primaryEndpointAddress",
  "registryId",
  "repositoryUrl",
  "resourceId",
  "scalableDimension",
  "serviceNamespace",
  "versionId",
  "zoneId",
];

/** Without what the engine adds for providers of Terraform. */
const known = ({ __defaults, ...properties }: Properties) => plain(properties) as Properties;

/** What the engine hands over, without secrets that are only known to be some. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as PlanValue;

/** Region of a resource that names none. */
const home = process.env["AWS_REGION"] ?? "eu-central-1";

/** ARN of something that does not exist. */
function arnOf(type: string, id: string, region: unknown): string {
  const service = type.split(":")[1]!.split("/")[0]!;
  return `arn:aws:${service}:${typeof region === "string" ? region : home}:111122223333:${id}`;
}

/** Where the account's content is kept between two commands; without it, an account that forgets and refuses nothing. */
const account = process.env["SLIPWAY_STAND_IN_ACCOUNT"];

/** Stands in for a provider: keeps its inputs, and makes up what only the cloud could say. */
class TestProvider implements pulumi.provider.Provider {
  readonly version = "7.48.0";
  private created = 0;
  private readonly cloud = account === undefined ? undefined : new AwsCloud(account);

  async check(_urn: string, _olds: Properties, news: Properties): Promise<pulumi.provider.CheckResult> {
    return { inputs: news };
  }

  /** Whether it would update or replace: by what is known of the real provider (tools/sources/difference/replacements). */
  async diff(id: string, urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.DiffResult> {
    const type = typeOf(urn);
    const changes = this.changesOf(urn, id, olds, news)
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("__defaults"));
    const resource = { type, inputs: plain(news), options: {} } as unknown as PlanResource;
    const replaces = changes.filter((path) => forcesReplacement(resource, path)).map((path) => path.split(/[.[]/)[0]!);
    return {
      changes: changes.length > 0,
      replaces: [...new Set(replaces)],
      deleteBeforeReplace: false,
    };
  }

  async create(urn: string, inputs: Properties): Promise<pulumi.provider.CreateResult> {
    const type = typeOf(urn);
    const name = urn.split("::").at(-1)!;
    const prefix = inputs["namePrefix"];
    const id = `${typeof prefix === "string" ? prefix : `${name}-`}${this.cloud === undefined ? ++this.created : randomBytes(4).toString("hex")}`;
    const made = Object.fromEntries(
      texts.map((property) => [property, property === "arn" ? arnOf(type, id, inputs["region"]) : id]),
    );
    const more = type.startsWith("aws:") ? made : {};
    const outs = { ...more, ...computed[type]?.(inputs, id), ...inputs };
    if (type.startsWith("aws:")) this.cloud?.create({ id, urn, type, inputs: known(inputs), outputs: known(outs) });
    return { id, outs };
  }

  async update(id: string, urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.UpdateResult> {
    const type = typeOf(urn);
    const changes = this.changesOf(urn, id, olds, news);
    const gone = changes.filter(({ path, after }) => after === undefined && path in olds).map(({ path }) => path);
    const kept = Object.fromEntries(Object.entries(olds).filter(([key]) => !gone.includes(key)));
    const outs = { ...kept, ...news };
    if (type.startsWith("aws:"))
      this.cloud?.update({ id, urn, type, inputs: known(news), outputs: known(outs) }, changes);
    return { outs };
  }

  /** An account that remembers its inputs also knows those that are gone. */
  private changesOf(urn: string, id: string, olds: Properties, news: Properties) {
    const inputs = this.cloud?.find(id, typeOf(urn))?.inputs ?? {};
    const keys = new Set([...Object.keys(news), ...Object.keys(inputs)]);
    const before = Object.fromEntries([...keys].map((key) => [key, olds[key]]));
    return propertyChanges(plain(before), plain(news), () => true);
  }

  async delete(id: string, urn: string): Promise<void> {
    if (typeOf(urn).startsWith("aws:")) this.cloud?.delete(id, urn);
  }

  async invoke(token: string, args: Properties): Promise<pulumi.provider.InvokeResult> {
    const answer = answers[token];
    if (answer === undefined) throw new Error(`the test provider has no answer to ${token}`);
    return { outputs: answer(args, process.env["AWS_REGION"] ?? "eu-central-1") };
  }
}

void pulumi.provider.main(new TestProvider(), process.argv.slice(2));
