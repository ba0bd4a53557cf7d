import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { AwsEcsSettings } from "../../../../stacks/settings/settings";
import type { DoctorRequest } from "../../../../tools/operate/doctor/contract";
import { awsEcsRows, open } from "../../../../tools/operate/doctor/aws-ecs/doctor";
import type { Facts } from "../../../../tools/operate/doctor/aws-ecs/facts";
import { actionsOf } from "../../../../tools/operate/doctor/aws-ecs/rows/account";

const region = "eu-central-1";
const caller = { Account: "123456789012", Arn: "arn:aws:sts::123456789012:assumed-role/deploy/ci" };
const certificate = (name: string, of = region) =>
  `arn:aws:acm:${of}:123456789012:certificate/0a1b2c3d-0000-4000-8000-00000000000${name}`;
const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stripe-AbCdEf";

const settings = (file: object = {}) =>
  resolveSettings(
    "prod",
    {
      ...{ target: "aws-ecs", domain: "shop.example.com", image: "ghcr.io/acme/shop:1.4.2" },
      ...{ tls: { hostedZoneId: "Z0123456789ABCDEFGHIJ" }, ...file },
    },
    { awsRegion: region },
  ) as AwsEcsSettings;

/** What the AWS CLI prints, by the beginning of its command line; anything else fails as it does. */
type World = Readonly<Record<string, object | string>>;

function runOf(world: World, asked: string[] = []): Facts["run"] {
  return (command, args) => {
    const line = [command, ...args].join(" ");
    asked.push(line);
    const found = Object.entries(world).find(([beginning]) => line.startsWith(beginning))?.[1];
    if (typeof found === "object") return Promise.resolve(JSON.stringify(found));
    return Promise.reject(new Error(found ?? `An error occurred (AccessDenied): ${line}`));
  };
}

async function factsOf(world: World, file?: object, asked?: string[]): Promise<Facts> {
  const request = {
    ...{ stack: "prod", settings: settings(file) },
    configuration: { config: { "aws:region": region }, project: "shop" },
  } as unknown as DoctorRequest<"aws-ecs">;
  return (await open(request, runOf({ "aws sts get-caller-identity": caller, ...world }, asked))).facts;
}

const quota = (service: string, value: number): World => ({
  [`aws service-quotas get-service-quota --service-code ${service}`]: { Quota: { Value: value } },
});
const many = (count: number, tags: object = {}) => Array.from({ length: count }, () => tags);
const decided = (decision: (action: string) => string, file?: object): World => ({
  "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/deploy ": {
    EvaluationResults: actionsOf(settings(file)).map((action) => ({
      EvalActionName: action,
      EvalDecision: decision(action),
    })),
  },
});
const inEcr = { image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2" };
const given = {
  tls: { certificateArn: certificate("a"), cdnCertificateArn: certificate("b", "us-east-1") },
};
const described = (Status: string, ...SubjectAlternativeNames: string[]) => ({
  Certificate: { Status, SubjectAlternativeNames },
});

/** By row: what is enough, what is not, what the second says, and the settings that it is asked for. */
const cases: Readonly<Record<string, readonly [enough: World, lacking: World, says: RegExp, file?: object]>> = {
  pulumi: [{ "pulumi version": {} }, {}, /not on PATH/],
  region: [
    { "aws ec2 describe-regions": { Regions: [{ OptInStatus: "opt-in-not-required" }] } },
    { "aws ec2 describe-regions": { Regions: [{ OptInStatus: "not-opted-in" }] } },
    /eu-central-1 is not-opted-in/,
  ],
  permissions: [
    decided(() => "allowed"),
    decided((action) => (action === "rds:CreateDBInstance" ? "implicitDeny" : "allowed")),
    /not allowed to arn:aws:iam::123456789012:role\/deploy: rds:CreateDBInstance$/,
  ],
  "quota-vpcs": [
    // The stack's own is no other's.
    {
      ...quota("vpc", 5),
      "aws ec2 describe-vpcs": { Vpcs: [...many(4), { Tags: [{ Key: "stack", Value: "shop-prod" }] }] },
    },
    { ...quota("vpc", 5), "aws ec2 describe-vpcs": { Vpcs: many(5) } },
    /5 VPCs, 5 used by others, 1 needed/,
  ],
  "quota-elastic-ips": [
    { ...quota("ec2", 5), "aws ec2 describe-addresses": { Addresses: many(4) } },
    { ...quota("ec2", 5), "aws ec2 describe-addresses": { Addresses: many(5) } },
    /5 used by others, 1 needed/,
  ],
  "quota-load-balancers": [
    { ...quota("elasticloadbalancing", 50), "aws elbv2 describe-load-balancers": { LoadBalancers: many(49) } },
    { ...quota("elasticloadbalancing", 50), "aws elbv2 describe-load-balancers": { LoadBalancers: many(50) } },
    /50 used by others/,
  ],
  // 10 replicas of half a CPU, twice.
  "quota-fargate": [quota("fargate", 10), quota("fargate", 9), /9 Fargate vCPUs, 10 needed/],
  "hosted-zone": [
    { "aws route53 get-hosted-zone": { HostedZone: { Name: "example.com." } } },
    { "aws route53 get-hosted-zone": { HostedZone: { Name: "example.org." } } },
    /zone of example\.org, and shop\.example\.com is not in it/,
  ],
  certificates: [
    {
      [`aws acm describe-certificate --certificate-arn ${certificate("a")} --region eu-central-1`]: described(
        ...(["ISSUED", "*.example.com"] as const),
      ),
      [`aws acm describe-certificate --certificate-arn ${certificate("b", "us-east-1")} --region us-east-1`]: described(
        ...(["ISSUED", "shop.example.com"] as const),
      ),
    },
    {
      [`aws acm describe-certificate --certificate-arn ${certificate("a")}`]: described("PENDING_VALIDATION"),
      [`aws acm describe-certificate --certificate-arn ${certificate("b", "us-east-1")}`]: described(
        "ISSUED",
        "example.com",
      ),
    },
    /0a is PENDING_VALIDATION; .*0b is of example\.com$/,
    given,
  ],
  secrets: [
    { [`aws secretsmanager describe-secret --secret-id ${secret} --region eu-central-1`]: { Name: "stripe" } },
    { "aws secretsmanager describe-secret": "An error occurred (ResourceNotFoundException)" },
    /not found, or deleted: .*stripe-AbCdEf$/,
    { secrets: { STRIPE_KEY: { reference: `${secret}:password::` } } },
  ],
  image: [
    {
      "aws ecr describe-images --registry-id 123456789012 --repository-name shop --image-ids imageTag=1.4.2 --region eu-central-1":
        {},
    },
    { "aws ecr describe-images": "An error occurred (ImageNotFoundException)" },
    /shop has no 1\.4\.2/,
    inEcr,
  ],
};

describe("slipway doctor of an AWS account, by recorded answers", () => {
  it("has a case of every row", () => deepEqual(Object.keys(cases).sort(), awsEcsRows.map(({ id }) => id).sort()));

  for (const row of awsEcsRows) {
    it(`${row.id}: tells what is enough from what is not, and says what to do`, async () => {
      const [enough, lacking, says, file] = cases[row.id]!;
      equal(row.applies(await factsOf(enough, file)), true);
      equal((await row.ask(await factsOf(enough, file))).state, "present");
      const answer = await row.ask(await factsOf(lacking, file));
      equal(answer.state, "missing");
      match(answer.found, says);
      if (answer.state === "missing") ok(answer.fix.length > 0);
    });
  }

  it("asks nothing of what the stack does not have", async () => {
    const facts = await factsOf({}, { ...given, network: { nat: "none" }, ...inEcr });
    const ids = awsEcsRows.filter((row) => row.applies(facts)).map(({ id }) => id);
    for (const id of ["hosted-zone", "secrets", "quota-elastic-ips"]) equal(ids.includes(id), false, id);
  });

  it("does not take an answer that it may not have for one: the CLI's error is thrown", async () => {
    for (const id of ["secrets", "image", "permissions"]) {
      const row = awsEcsRows.find((one) => one.id === id)!;
      await rejects(async () => row.ask(await factsOf({}, cases[id]![3])), /AccessDenied/, id);
    }
  });

  it("takes what AWS does not know for missing, and a quota that nobody raised for AWS' default", async () => {
    const row = (id: string) => awsEcsRows.find((one) => one.id === id)!;
    const zone = { "aws route53 get-hosted-zone": "An error occurred (NoSuchHostedZone)" };
    match((await row("hosted-zone").ask(await factsOf(zone))).found, /is no zone of this account/);
    const gone = { "aws acm describe-certificate": "An error occurred (ResourceNotFoundException)" };
    match((await row("certificates").ask(await factsOf(gone, given))).found, /0a is not there; .*0b is not there/);
    const unraised = {
      "aws service-quotas get-service-quota": "An error occurred (NoSuchResourceException)",
      "aws service-quotas get-aws-default-service-quota --service-code fargate": { Quota: { Value: 6 } },
    };
    match((await row("quota-fargate").ask(await factsOf(unraised))).found, /^6 Fargate vCPUs, 10 needed/);
  });

  it("asks for no secret's value", async () => {
    const asked: string[] = [];
    const [enough, , , file] = cases["secrets"]!;
    await awsEcsRows.find(({ id }) => id === "secrets")!.ask(await factsOf(enough, file, asked));
    ok(asked.every((line) => !line.includes("get-secret-value")));
  });

  it("says how to sign in where nobody is", async () => {
    const request = { settings: settings(), configuration: { config: { "aws:region": region } } };
    await rejects(open(request as never, runOf({})), /AWS cannot be asked: .*\n.*aws sso login/);
  });
});
