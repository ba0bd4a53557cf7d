import { strict as assert } from "node:assert";
import { AwsElastiCache } from "../../../../components/cache/aws/elasticache";
import { isSecret } from "../../../../tools/plan/plan";
import { all, only, record } from "../../../record";
import { inside, keyArn, orphans, output } from "../../aws-fixtures";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";

const cache = (standby = true, accessString?: string) =>
  record(() => {
    const args = { ...inside, nodeType: "cache.t4g.small", standby, keyArn, accessString };
    const made = new AwsElastiCache("cache", args);
    return { environment: made.environment, signals: made.signals };
  });

describe("AwsElastiCache", () => {
  it("speaks TLS alone, asks for a password, and is encrypted at rest", async () => {
    const { inputs } = only(await cache(), group);
    assert.equal(inputs["transitEncryptionEnabled"], true);
    assert.equal(inputs["transitEncryptionMode"], "required");
    assert.equal(inputs["atRestEncryptionEnabled"], true);
    assert.ok(isSecret(inputs["authToken"]));
  });

  it("fails over to another zone when there is a standby, and claims nothing without", async () => {
    const two = only(await cache(true), group).inputs;
    const one = only(await cache(false), group).inputs;
    const high = ["numCacheClusters", "automaticFailoverEnabled", "multiAzEnabled"];
    assert.deepEqual(
      high.map((key) => two[key]),
      [2, true, true],
    );
    assert.deepEqual(
      high.map((key) => one[key]),
      [1, false, false],
    );
  });

  it("evicts what was used least, with or without a lifetime", async () => {
    const { parameters } = only(await cache(), "aws:elasticache/parameterGroup:ParameterGroup").inputs;
    assert.deepEqual(parameters, [{ name: "maxmemory-policy", value: "allkeys-lru" }]);
  });

  it("lets in the clients alone", async () => {
    const plan = await cache();
    const { inputs } = only(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      [inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"]],
      ["sg-application", 6379, 6379],
    );
    assert.deepEqual(only(plan, "aws:elasticache/subnetGroup:SubnetGroup").inputs["subnetIds"], inside.subnetIds);
  });

  it("gives the application an address without the password, and the password by reference", async () => {
    const plan = await cache();
    const secret = only(plan, "aws:secretsmanager/secret:Secret");
    const { REDIS_PASSWORD, REDIS_URL } = plan.outputs["environment"] as Record<string, Record<string, unknown>>;
    assert.deepEqual(REDIS_URL, {
      $unknown: [`${only(plan, group).urn}#primaryEndpointAddress`],
      template: "rediss://{0}:6379",
    });
    assert.equal(REDIS_PASSWORD?.["store"], "aws-secrets-manager");
    assert.deepEqual(REDIS_PASSWORD?.["arn"], output(secret, "arn"));
    assert.ok(isSecret(only(plan, "aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]));
  });

  it("is watched node by node, under the names that ElastiCache gives them", async () => {
    const plan = await cache();
    const id = `${only(plan, group).urn}#id`;
    assert.deepEqual(plan.outputs["signals"], [
      { kind: "cache", name: "cache-1", identifiers: { CacheClusterId: { $unknown: [id], template: "{0}-001" } } },
      { kind: "cache", name: "cache-2", identifiers: { CacheClusterId: { $unknown: [id], template: "{0}-002" } } },
    ]);
  });

  it("is the parent of all it creates, and keeps its slow log for 30 days", async () => {
    const plan = await cache();
    assert.deepEqual(orphans(plan), []);
    assert.deepEqual(all(plan, "aws:cloudwatch/logGroup:LogGroup")[0]?.inputs, {
      retentionInDays: 30,
      kmsKeyId: keyArn,
    });
  });

  describe("with an access string", () => {
    const withUsers = () => cache(true, "on ~shop:* -@all +@read");
    const user = "aws:elasticache/user:User";

    it("has the application as a user with these rights, and a default user with none", async () => {
      const users = all(await withUsers(), user);
      assert.deepEqual(
        users.map(({ inputs }) => [inputs["userName"], inputs["accessString"]]),
        [
          ["app", "on ~shop:* -@all +@read"],
          ["default", "off ~* -@all"],
        ],
      );
      for (const { inputs } of users) {
        const { passwords, type } = inputs["authenticationMode"] as Record<string, unknown>;
        assert.equal(type, "password");
        assert.ok(isSecret((passwords as never[])[0]));
      }
    });

    it("gives the cache their group in place of a password", async () => {
      const plan = await withUsers();
      const { inputs } = only(plan, group);
      const { inputs: users } = only(plan, "aws:elasticache/userGroup:UserGroup");
      assert.equal(inputs["authToken"], undefined);
      assert.equal(inputs["authTokenUpdateStrategy"], "DELETE");
      assert.deepEqual(inputs["userGroupIds"], [users["userGroupId"]]);
      assert.deepEqual(
        users["userIds"],
        all(plan, user).map(({ inputs: { userId } }) => userId),
      );
    });

    it("keeps the secret and its value, and says who connects", async () => {
      const [before, after] = [await cache(), await withUsers()];
      for (const type of ["aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"])
        assert.deepEqual(only(after, type), only(before, type));
      const { REDIS_URL } = after.outputs["environment"] as Record<string, Record<string, unknown>>;
      assert.equal(REDIS_URL?.["template"], "rediss://app@{0}:6379");
      assert.deepEqual(orphans(after), []);
    });

    it("refuses a name of which no identifier can be made", async () => {
      const made = record(() => {
        const args = { ...inside, nodeType: "cache.t4g.small", standby: false, accessString: "on ~* +@all" };
        new AwsElastiCache("a".repeat(24), args);
      });
      await assert.rejects(async () => made, /a{24} has 24 characters: expected 23 at most/);
    });
  });
});
