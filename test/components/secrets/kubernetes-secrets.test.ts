import { strict as assert } from "node:assert";
import type { KubernetesSecretRef, SecretSource } from "../../../components/secrets/contract";
import { KubernetesSecrets } from "../../../components/secrets/kubernetes-secrets";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import { network } from "../kubernetes-mocks";

describe("KubernetesSecrets", () => {
  const create = async (secrets: Record<string, SecretSource>) => {
    let refs: Readonly<Record<string, KubernetesSecretRef>> = {};
    const plan = await record(() => {
      refs = new KubernetesSecrets("secrets", { network, secrets }).refs;
    });
    return { plan, refs };
  };

  it("keeps generated and given values in one Secret, and shows neither", async () => {
    const { plan, refs } = await create({
      AUTH_SECRET: { from: "generate", bytes: 32 },
      EMAIL_API_KEY: { from: "value", value: "re_verysecret" },
    });
    const { inputs } = only(plan, "kubernetes:core/v1:Secret", "secrets-secret");
    assert.deepEqual(inputs["metadata"], { name: "secrets", namespace: "shop" });
    assert.ok(isSecret(inputs["stringData"]));
    assert.equal("immutable" in inputs, false, "an immutable Secret could not be rotated");
    assert.deepEqual(only(plan, "random:index/randomBytes:RandomBytes", "secrets-AUTH_SECRET").inputs, { length: 32 });
    assert.equal(JSON.stringify(plan).includes("verysecret"), false);
    assert.deepEqual(Object.keys(refs).sort(), ["AUTH_SECRET", "EMAIL_API_KEY"]);
    assert.equal(refs["AUTH_SECRET"]?.key, "AUTH_SECRET");
  });

  it("gives pods a version that changes with a value and is not made of it", async () => {
    const { plan, refs } = await create({ EMAIL_API_KEY: { from: "value", value: "re_verysecret" } });
    assert.ok(refs["EMAIL_API_KEY"]?.version !== undefined);
    const { inputs } = only(plan, "random:index/randomId:RandomId", "secrets-version");
    assert.equal(inputs["byteLength"], 6);
    assert.ok(isSecret(inputs["keepers"]) || Object.values(inputs["keepers"] as object).every(isSecret));
  });

  it("refers to a key of a Secret that exists, and creates nothing for it", async () => {
    const { plan, refs } = await create({ EMAIL_API_KEY: { from: "reference", reference: "shop-email/api-key" } });
    assert.deepEqual(refs["EMAIL_API_KEY"], {
      store: "kubernetes",
      secret: "shop-email",
      key: "api-key",
      changedElsewhere: true,
    });
    assert.equal(all(plan, "kubernetes:core/v1:Secret").length, 0);
  });

  it("copies from a store by External Secrets", async () => {
    const { plan, refs } = await create({
      EMAIL_API_KEY: { from: "reference", reference: "vault:shop/email#apiKey" },
      SENTRY_DSN: { from: "reference", reference: "aws:arn:aws:secretsmanager:eu-central-1:123456789012:secret:dsn" },
    });
    const { inputs } = only(plan, "kubernetes:external-secrets.io/v1:ExternalSecret");
    assert.deepEqual(inputs["spec"], {
      refreshInterval: "1h0m0s",
      target: { name: "secrets-external", creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: [
        {
          secretKey: "EMAIL_API_KEY",
          sourceRef: { storeRef: { kind: "ClusterSecretStore", name: "vault" } },
          remoteRef: { key: "shop/email", property: "apiKey" },
        },
        {
          secretKey: "SENTRY_DSN",
          sourceRef: { storeRef: { kind: "ClusterSecretStore", name: "aws" } },
          remoteRef: { key: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:dsn" },
        },
      ],
    });
    const { version, ...rest } = refs["SENTRY_DSN"]!;
    assert.deepEqual(rest, {
      store: "kubernetes",
      secret: "secrets-external",
      key: "SENTRY_DSN",
      changedElsewhere: true,
    });
    // Another place is another value: pods are replaced, though name and key stay.
    const other = await create({ EMAIL_API_KEY: { from: "reference", reference: "vault:shop/email#otherKey" } });
    assert.notEqual(other.refs["EMAIL_API_KEY"]!.version, version);
    assert.equal(all(plan, "kubernetes:core/v1:Secret").length, 0);
  });

  it("names the variable whose reference it does not understand", async () => {
    await assert.rejects(
      create({ EMAIL_API_KEY: { from: "reference", reference: "just-a-name" } }),
      /secrets\.EMAIL_API_KEY: the reference "just-a-name" .* name\/key .* store:path#property/,
    );
  });
});
