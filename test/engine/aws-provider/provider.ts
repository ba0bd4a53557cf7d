import * as pulumi from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";

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

/** Outputs that programs build other values from, beside a text for each name in {@link texts}. */
const computed: Readonly<Record<string, (inputs: Properties) => Properties>> = {
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

/** Stands in for the AWS provider: keeps what it is told, and makes up what only AWS could say. */
class TestProvider implements pulumi.provider.Provider {
  readonly version = "7.48.0";
  private created = 0;

  async check(_urn: string, _olds: Properties, news: Properties): Promise<pulumi.provider.CheckResult> {
    return { inputs: news };
  }

  async diff(_id: string, _urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.DiffResult> {
    const changed = Object.keys(news).filter((key) => key !== "__defaults" && !isDeepStrictEqual(olds[key], news[key]));
    return { changes: changed.length > 0 };
  }

  async create(urn: string, inputs: Properties): Promise<pulumi.provider.CreateResult> {
    const [, , types = "", name = ""] = urn.split("::");
    const type = types.split("$").at(-1)!;
    const id = `${name}-${++this.created}`;
    const made = Object.fromEntries(
      texts.map((property) => [property, property === "arn" ? `arn:aws:test:::${id}` : id]),
    );
    return { id, outs: { ...made, ...computed[type]?.(inputs), ...inputs } };
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
