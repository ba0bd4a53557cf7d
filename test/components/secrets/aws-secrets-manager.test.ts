import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { AwsSecretsManager, type AwsSecretsManagerArgs } from "../../../components/secrets/aws-secrets-manager";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import { keyArn, orphans, output } from "../aws-fixtures";

const store = (args: AwsSecretsManagerArgs) => record(() => ({ refs: new AwsSecretsManager("secrets", args).refs }));
const version = "aws:secretsmanager/secretVersion:SecretVersion";

describe("AwsSecretsManager", () => {
  it("generates bytes that appear nowhere in the plan", async () => {
    const plan = await store({ secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } } });
    assert.deepEqual(only(plan, "random:index/randomBytes:RandomBytes").inputs, { length: 32 });
    assert.ok(isSecret(only(plan, version).inputs["secretString"]));
  });

  it("marks a value secret even when its giver did not", async () => {
    const plan = await store({ secrets: { EMAIL_API_KEY: { from: "value", value: "re_plain" } } });
    assert.ok(isSecret(only(plan, version).inputs["secretString"]));
    assert.ok(!JSON.stringify(plan).includes("re_plain"));
  });

  it("refers to the one version, so that a new value makes a new task definition", async () => {
    const plan = await store({ secrets: { EMAIL_API_KEY: { from: "value", value: pulumi.secret("re_1") } } });
    const secret = only(plan, "aws:secretsmanager/secret:Secret");
    const { EMAIL_API_KEY } = plan.outputs["refs"] as Record<string, Record<string, unknown>>;
    assert.equal(EMAIL_API_KEY?.["store"], "aws-secrets-manager");
    assert.deepEqual(EMAIL_API_KEY?.["arn"], output(secret, "arn"));
    assert.ok("versionId" in EMAIL_API_KEY);
  });

  it("creates nothing for a secret that exists", async () => {
    const reference = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:email-AbCdEf";
    const plan = await store({ secrets: { EMAIL_API_KEY: { from: "reference", reference } } });
    assert.deepEqual(plan.outputs["refs"], {
      EMAIL_API_KEY: { store: "aws-secrets-manager", arn: reference, foreign: reference },
    });
    assert.deepEqual(all(plan, "aws:secretsmanager/secret:Secret"), []);
  });

  it("encrypts with the key it is given, and is recoverable for a month", async () => {
    const secrets = { AUTH_SECRET: { from: "generate", bytes: 32 } } as const;
    const { inputs } = only(await store({ secrets, keyArn }), "aws:secretsmanager/secret:Secret");
    assert.deepEqual([inputs["kmsKeyId"], inputs["recoveryWindowInDays"]], [keyArn, 30]);
    assert.ok(!("kmsKeyId" in only(await store({ secrets }), "aws:secretsmanager/secret:Secret").inputs));
  });

  it("names its resources by variable, whatever the order of the settings", async () => {
    const plan = await store({
      secrets: { ENCRYPTION_KEY: { from: "generate", bytes: 32 }, AUTH_SECRET: { from: "generate", bytes: 32 } },
    });
    assert.deepEqual(
      all(plan, "aws:secretsmanager/secret:Secret").map(({ name }) => name),
      ["secrets-auth-secret", "secrets-encryption-key"],
    );
    assert.deepEqual(orphans(plan), []);
  });
});
