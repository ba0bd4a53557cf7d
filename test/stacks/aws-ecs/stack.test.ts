import { strict as assert } from "node:assert";
import { resolveSettings } from "../../../stacks/settings/load";
import { isSecret } from "../../../tools/plan/plan";
import { all, only } from "../../record";
import { orphans, output, statements } from "../../components/aws-fixtures";
import { type Raw, stackFile, stackOf } from "./stack-file";

const stack = (file?: Raw) => stackOf({ monitoring: { emails: ["ops@example.com"] }, ...file });

const components = async (file?: Raw) => {
  const plan = await stack(file);
  const top = plan.resources[0]!.urn;
  return plan.resources
    .filter(({ parent }) => parent === top)
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
};

describe("the stack on AWS", () => {
  it("is made of components alone", async () => {
    assert.deepEqual((await components()).sort(), [
      "AwsAlertTopic alerts",
      "AwsCachePurge cdn-purge",
      "AwsCertificate certificate",
      "AwsCloudFront cdn",
      "AwsCloudWatch monitoring",
      "AwsCluster web",
      "AwsEcrImage image",
      "AwsElastiCache cache",
      "AwsEncryptionKey key",
      "AwsErrorLog web-log",
      "AwsHealthChecks checks",
      "AwsLoadBalancer web-alb",
      "AwsRdsPostgres database",
      "AwsS3Storage storage",
      "AwsSecretsManager secrets",
      "AwsService web",
      "AwsStaticAssets assets",
      "AwsVpc network",
    ]);
    assert.deepEqual(orphans(await stack()), []);
  });

  it("tells where the site is, whether it can serve, and how to read logs and go back", async () => {
    const { outputs } = await stack();
    assert.equal(outputs["url"], "https://shop.example.com");
    assert.equal(outputs["health"], "https://shop.example.com/api/ready");
    assert.deepEqual(Object.keys(outputs).sort(), [
      "dashboard",
      "health",
      "logs",
      "operations",
      "restore",
      "rollback",
      "shared",
      "url",
    ]);
    const { target, region, container } = outputs["operations"] as Record<string, unknown>;
    assert.deepEqual([target, region, container], ["aws-ecs", "eu-central-1", "server"]);
  });

  it("builds an image from a folder with the key of the server actions, which the task may pull", async () => {
    const plan = await stack({ image: undefined, build: { context: "app" }, network: { nat: "none" } });
    const { inputs } = only(plan, "docker-build:index:Image");
    assert.deepEqual(inputs["context"], { location: "app" });
    assert.ok(isSecret(inputs["secrets"]));
    assert.equal(only(plan, "random:index/randomBytes:RandomBytes", "image-server-actions-key").inputs["length"], 32);
    const pull = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-execution")).find(({ Action }) =>
      Action.includes("ecr:BatchGetImage"),
    );
    assert.ok(pull !== undefined);
    assert.equal(
      (await stack()).resources.some(({ type }) => type.startsWith("aws:ecr/")),
      false,
    );
  });

  it("keeps database and cache where nothing leads to", async () => {
    const plan = await stack();
    const isolated = [1, 2, 3].map((zone) =>
      output(only(plan, "aws:ec2/subnet:Subnet", `network-isolated-${zone}`), "id"),
    );
    assert.deepEqual(only(plan, "aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"], isolated);
    assert.deepEqual(only(plan, "aws:elasticache/subnetGroup:SubnetGroup").inputs["subnetIds"], isolated);
  });

  it("protects what holds data, and nothing else", async () => {
    const plan = await stack();
    const kept = plan.resources
      .filter(({ options }) => options.protect === true)
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    assert.deepEqual(kept.sort(), ["Bucket storage", "Instance database", "Key key", "ReplicaKey key-edge"]);
  });

  it("protects nothing in development", async () => {
    const { resources } = await stack({ preset: "development" });
    assert.deepEqual(
      resources.filter(({ options }) => options.protect === true),
      [],
    );
  });

  it("pays for one firewall, wherever the ingress is", async () => {
    const [behind, open] = [await stack(), await stack({ cdn: { implementation: "none" } })];
    assert.deepEqual(
      [behind, open].map((plan) => all(plan, "aws:wafv2/webAcl:WebAcl").map(({ inputs }) => inputs["scope"])),
      [["CLOUDFRONT"], ["REGIONAL"]],
    );
    assert.deepEqual(all(open, "aws:cloudfront/distribution:Distribution"), []);
    assert.equal(only(open, "aws:route53/record:Record", "web-shop.example.com").inputs["type"], "A");
  });

  it("without a zone takes the certificates it is given, and makes no records", async () => {
    const arn = (region: string) =>
      `arn:aws:acm:${region}:111122223333:certificate/00000000-0000-0000-0000-000000000000`;
    const plan = await stack({ tls: { certificateArn: arn("eu-central-1"), cdnCertificateArn: arn("us-east-1") } });
    assert.deepEqual(all(plan, "aws:acm/certificate:Certificate"), []);
    assert.deepEqual(all(plan, "aws:route53/record:Record"), []);
    assert.equal(only(plan, "aws:lb/listener:Listener").inputs["certificateArn"], arn("eu-central-1"));
  });

  it("uses what somebody else runs, and creates none of it", async () => {
    const plan = await stack({
      database: { implementation: "external", url: "postgres://app@db.example.com:5432/app" },
      cache: { implementation: "external", url: "rediss://cache.example.com:6379" },
      storage: { implementation: "external", bucket: "acme-uploads" },
      secrets: {
        DATABASE_PASSWORD: { reference: "arn:aws:secretsmanager:eu-central-1:1:secret:db" },
        REDIS_PASSWORD: { reference: "arn:aws:secretsmanager:eu-central-1:1:secret:redis" },
      },
    });
    for (const type of ["rds/instance:Instance", "elasticache/replicationGroup:ReplicationGroup"]) {
      assert.deepEqual(all(plan, `aws:${type}`), []);
    }
    const [, bucket] = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-task"));
    assert.deepEqual(bucket, { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme-uploads" });
  });

  it("gives the task no role in a bucket that keys open", async () => {
    const plan = await stack({
      storage: { implementation: "external", bucket: "acme-uploads", endpoint: "https://minio.example.com" },
      secrets: { STORAGE_ACCESS_KEY_ID: "AKIA1", STORAGE_SECRET_ACCESS_KEY: "hunter2" },
    });
    const actions = statements(only(plan, "aws:iam/rolePolicy:RolePolicy", "web-task")).map(({ Action }) => Action);
    assert.ok(!JSON.stringify(actions).includes("ListBucket"));
  });

  for (const strategy of ["rolling", "blue-green", "canary", "linear"]) {
    it(`releases by ${strategy}`, async () => {
      const { deploymentConfiguration } = only(
        await stack({ release: { strategy } }),
        "aws:ecs/service:Service",
      ).inputs;
      const { strategy: native } = deploymentConfiguration as { strategy: string };
      assert.equal(native, strategy.replace("-", "_").toUpperCase());
    });
  }

  it("shows no secret: not in a task definition, not in an output", async () => {
    const plan = await stack({ secrets: { EMAIL_API_KEY: "re_plain_value" } });
    assert.ok(!JSON.stringify(plan).includes("re_plain_value"));
  });

  it("asks where it is", async () => {
    assert.throws(() => resolveSettings("test", stackFile, {}), /aws:region/);
  });
});
