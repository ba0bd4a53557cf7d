import * as pulumi from "@pulumi/pulumi";
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
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
    id: "test",
    userName: "AWS",
    password: "not-a-password",
    authorizationToken: "not-a-token",
    proxyEndpoint: "https://ecr.example.com",
    expiresAt: "2099-01-01T00:00:00Z",
  }),
};

/** Outputs that programs build other values from; of AWS beside a text for each name in {@link texts}. */
const computed: Readonly<Record<string, (inputs: Properties, id: string) => Properties>> = {
  "docker:index/container:Container": (_, id) => ({ name: id, exitCode: 0, containerLogs: "" }),
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
  "aws:rds/instance:Instance": () => ({
    masterUserSecrets: [
      {
        secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!test",
        secretStatus: "active",
        kmsKeyId: "test",
      },
    ],
  }),
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

const typeOf = (urn: string) => urn.split("::")[2]!.split("$").at(-1)!;

/** What the engine hands over, without secrets that are only known to be some. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as PlanValue;

/** Stands in for a provider: keeps its inputs, and makes up what only the cloud could say. */
class TestProvider implements pulumi.provider.Provider {
  readonly version = "7.48.0";
  private created = 0;

  async check(_urn: string, _olds: Properties, news: Properties): Promise<pulumi.provider.CheckResult> {
    return { inputs: news };
  }

  /** Whether it would update or replace: by what is known of the real provider (tools/sources/difference/replacements). */
  async diff(_id: string, urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.DiffResult> {
    const type = typeOf(urn);
    const before = Object.fromEntries(Object.keys(news).map((key) => [key, olds[key]]));
    const changes = propertyChanges(plain(before), plain(news), () => true)
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("__defaults"));
    const resource = { type, options: {} } as PlanResource;
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
    const id = `${name}-${++this.created}`;
    const made = Object.fromEntries(
      texts.map((property) => [property, property === "arn" ? `arn:aws:test:::${id}` : id]),
    );
    const more = type.startsWith("aws:") ? made : {};
    return { id, outs: { ...more, ...computed[type]?.(inputs, id), ...inputs } };
  }

  async update(_id: string, _urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.UpdateResult> {
    return { outs: { ...olds, ...news } };
  }

  async delete(): Promise<void> {}

  async invoke(token: string, args: Properties): Promise<pulumi.provider.InvokeResult> {
    const answer = answers[token];
    if (answer === undefined) throw new Error(`the test provider has no answer to ${token}`);
    return { outputs: answer(args, process.env["AWS_REGION"] ?? "eu-central-1") };
  }
}

void pulumi.provider.main(new TestProvider(), process.argv.slice(2));
