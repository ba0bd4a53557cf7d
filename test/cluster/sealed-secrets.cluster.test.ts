import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { resolveSettings } from "../../stacks/settings/load";
import { runStack } from "../../stacks/targets";
import { renderKubernetesFolder, type Secrets } from "../../tools/readers/render/kubernetes-folder";
import { record } from "../record";
import { bed, findProgram, missingPrograms, run } from "./programs";
import { needs } from "../project";
import { operatorSchemas } from "./schemas";

interface Secret {
  readonly kind: string;
  readonly immutable?: boolean;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data: Readonly<Record<string, string>>;
}

const given = { API_KEY: "hunter2-of-the-api" };
const file = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  storage: { implementation: "volume" },
  kubernetes: { namespace: "shop", ingressClass: "traefik" },
  secrets: { API_KEY: "by the stack file", ENCRYPTION: { generate: 32 } },
};

describe("Secrets for a repository, by the programs that encrypt them", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(function () {
    folder = mkdtempSync(join(tmpdir(), "slipway-sealed-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const encrypting = (context: Mocha.Context, ...programs: readonly string[]) =>
    needs(
      context,
      missingPrograms("kubectl", "openssl", ...programs),
      `; test/bed/cluster/build.sh ${programs.join(" ")}`,
    );

  async function render(secrets: Secrets): Promise<void> {
    const files = renderKubernetesFolder(await record(() => runStack(resolveSettings("test", file, {}))), secrets);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }

  const PATH = `${join(bed, "bin")}:${process.env["PATH"]}`;
  const script = (env: NodeJS.ProcessEnv) =>
    run("bash", [join(folder, "secrets.sh")], "", { env: { PATH, HOME: folder, KUBECONFIG: "/none", ...env } });
  const sealedFiles = (version: number) =>
    readdirSync(join(folder, "secrets")).filter((name) => name.endsWith(`-v${version}.yaml`));
  const textOf = (name: string) => readFileSync(join(folder, "secrets", name), "utf8");
  const value = (secret: Secret, key: string) => Buffer.from(secret.data[key]!, "base64").toString();

  it("SOPS: values that Flux decrypts, kept by the next version, and none in the clear", async function () {
    encrypting(this, "sops", "age-keygen");
    const key = await run(findProgram("age-keygen")!, []);
    writeFileSync(join(folder, "key"), key);
    const env = { SOPS_AGE_RECIPIENTS: /public key: (age1\w+)/.exec(key)![1]!, SOPS_AGE_KEY_FILE: join(folder, "key") };
    const opened = async (version: number) => {
      const found: Record<string, Secret> = {};
      for (const name of sealedFiles(version)) {
        const text = await run(findProgram("sops")!, ["decrypt", join(folder, "secrets", name)], "", {
          env: { PATH, ...env },
        });
        const secret = parse(text) as Secret;
        found[secret.metadata.name] = secret;
      }
      return found;
    };

    await render({ form: "sops", version: 1 });
    await assert.rejects(script(env), /API_KEY.*is missing: API_KEY of the Secret secrets/s);
    await script({ ...env, ...given });
    const first = await opened(1);
    assert.deepEqual(Object.keys(first).sort(), ["cache-v1", "secrets-v1"]);
    for (const secret of Object.values(first)) {
      assert.deepEqual([secret.kind, secret.immutable, secret.metadata.namespace], ["Secret", true, "shop"]);
    }
    assert.equal(value(first["secrets-v1"]!, "API_KEY"), given.API_KEY);
    assert.equal(Buffer.from(value(first["secrets-v1"]!, "ENCRYPTION"), "base64").length, 32);
    const texts = sealedFiles(1).map(textOf).join("");
    for (const secret of Object.values(first)) {
      for (const [name, encoded] of Object.entries(secret.data)) assert.ok(!texts.includes(encoded), name);
    }

    // Again: nothing is made anew. The next version: what was generated stays, what is given is new.
    await script({ ...env, ...given });
    assert.equal(sealedFiles(1).map(textOf).join(""), texts);
    await render({ form: "sops", version: 2 });
    await script({ ...env, API_KEY: "another" });
    const second = await opened(2);
    assert.equal(value(second["secrets-v2"]!, "ENCRYPTION"), value(first["secrets-v1"]!, "ENCRYPTION"));
    assert.equal(value(second["secrets-v2"]!, "API_KEY"), "another");
    const { resources } = parse(textOf("kustomization.yaml")) as { resources: string[] };
    assert.equal(resources.length, 4, "pods of the previous release still need the version before");
    await run("kubectl", ["kustomize", join(folder, "1-foundation")]);

    await render({ form: "sops", version: 4 });
    await assert.rejects(script({ ...env, ...given }), /v3\.yaml is not there/);
    // Without the key nothing can be kept, and nothing must be replaced.
    await render({ form: "sops", version: 3 });
    await assert.rejects(script({ ...env, ...given, SOPS_AGE_KEY_FILE: "/none" }));
    assert.ok(!existsSync(join(folder, "secrets", "secret-secrets-v3.yaml")));
  });

  it("SealedSecrets: what the controller's key opens, and its own definition accepts", async function () {
    encrypting(this, "kubeseal");
    const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
    await run("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sealed-secret"],
      ...["-keyout", key, "-out", certificate],
    ]);
    await render({ form: "sealed-secrets", version: 1 });
    await script({ ...given, SEALED_SECRETS_CERT: certificate });
    assert.deepEqual(sealedFiles(1).sort(), ["sealedsecret-cache-v1.yaml", "sealedsecret-secrets-v1.yaml"]);
    const validate = operatorSchemas().get("bitnami.com/v1alpha1 SealedSecret");
    for (const name of sealedFiles(1)) {
      assert.ok(!textOf(name).includes(given.API_KEY));
      if (validate !== undefined) assert.ok(validate(parse(textOf(name))), JSON.stringify(validate.errors));
    }
    const opened = JSON.parse(
      await run(
        findProgram("kubeseal")!,
        ["--recovery-unseal", "--recovery-private-key", key],
        textOf("sealedsecret-secrets-v1.yaml"),
      ),
    ) as Secret;
    assert.equal(value(opened, "API_KEY"), given.API_KEY);
    assert.deepEqual([opened.metadata.name, opened.immutable], ["secrets-v1", true]);
  });
});
