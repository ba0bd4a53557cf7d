import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { SecretSource } from "../../../components/secrets/contract";
import { DockerSecrets } from "../../../components/secrets/docker-secrets";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import { container, fileNamed, volumeType } from "../docker-mocks";

describe("DockerSecrets", () => {
  const create = (secrets: Record<string, SecretSource>) =>
    record(() => new DockerSecrets("shop-secrets", { image: "shop:1", secrets }).refs);

  it("makes what is to be generated once, of as many bytes as asked for", async () => {
    const plan = await create({ AUTH_SECRET: { from: "generate", bytes: 48 } });
    const { name, inputs } = only(plan, "random:index/randomBytes:RandomBytes");
    assert.equal(name, "shop-secrets-auth-secret");
    assert.deepEqual(inputs, { length: 48 });
  });

  it("holds no value in the plan, whether generated, given or read from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-secrets-"));
    try {
      writeFileSync(join(folder, "key"), "hunter2-file\n");
      const plan = await create({
        AUTH_SECRET: { from: "generate", bytes: 32 },
        EMAIL_API_KEY: { from: "value", value: pulumi.secret("hunter2-value") },
        SENTRY_DSN: { from: "reference", reference: join(folder, "key") },
      });
      const { uploads } = container(plan, "shop-secrets-writer").inputs;
      assert.equal(uploads?.length, 3);
      for (const { content, file } of uploads) assert.ok(isSecret(content), file);
      assert.equal(JSON.stringify(plan).includes("hunter2"), false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("masks a value that was given in the clear, too", async () => {
    const plan = await create({ EMAIL_API_KEY: { from: "value", value: "hunter2" } });
    assert.ok(isSecret(fileNamed(plan, "email-api-key/value")));
  });

  it("has a volume for each, so that a container sees its own and no other", async () => {
    const plan = await create({ A: { from: "generate", bytes: 16 }, B_C: { from: "generate", bytes: 16 } });
    assert.deepEqual(
      all(plan, volumeType).map(({ inputs }) => inputs["name"]),
      ["shop-secrets-a", "shop-secrets-b-c"],
    );
    const { A } = plan.outputs as unknown as Record<string, { volume: string; file: string; store: string }>;
    assert.deepEqual([A?.store, A?.volume, A?.file], ["docker-volume", "shop-secrets-a", "value"]);
  });

  it("says which file cannot be read, and for which secret", async () => {
    await assert.rejects(
      create({ EMAIL_API_KEY: { from: "reference", reference: "/not/there" } }),
      /the secret EMAIL_API_KEY refers to \/not\/there/,
    );
  });
});
