import { strict as assert } from "node:assert";
import { parseAllDocuments } from "yaml";
import { runStack } from "../../../../stacks/targets";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { Plan } from "../../../../tools/plan/plan";
import { renderKubernetes } from "../../../../tools/readers/render/kubernetes";
import { record } from "../../../record";

const file = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  secrets: { EMAIL_API_KEY: "re_verysecret" },
};

describe("renderKubernetes", () => {
  let plan: Plan;
  let text: string;
  before(async () => {
    plan = await record(() => runStack(resolveSettings("staging", file, {})));
    text = renderKubernetes(plan);
  });
  const objects = () =>
    parseAllDocuments(text)
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } } | null)
      .filter((object) => object !== null);

  it("writes every object but Secrets as a document", () => {
    const expected = plan.resources.filter(({ type }) => /^kubernetes:(?!core\/v1:Secret$)/.test(type));
    assert.equal(objects().length, expected.length);
    assert.equal(
      objects().some(({ kind }) => kind === "Secret"),
      false,
    );
  });

  it("puts the namespace first, and what serves after what it needs", () => {
    const kinds = objects().map(({ kind }) => kind);
    assert.equal(kinds[0], "Namespace");
    for (const [first, second] of [
      ["NetworkPolicy", "Deployment"],
      ["Cluster", "Pooler"],
      ["Job", "Deployment"],
      ["ConfigMap", "Deployment"],
    ] as const) {
      assert.ok(kinds.lastIndexOf(first) < kinds.indexOf(second), `${first} before ${second}`);
    }
  });

  it("has a command in place of each Secret: generated values generated, given ones from the shell", () => {
    assert.ok(text.includes("#   kubectl -n slipway create secret generic secrets \\"));
    assert.ok(text.includes('#     --from-literal=AUTH_SECRET="$(openssl rand -base64 32)" \\'));
    assert.ok(text.includes('#     --from-literal=EMAIL_API_KEY="$EMAIL_API_KEY"'));
    assert.ok(text.includes("#   kubectl -n slipway create secret generic cache \\"));
    assert.ok(text.includes('--from-literal=users.acl="$('));
    assert.equal(text.includes("verysecret"), false);
    assert.equal(text.includes("$secret"), false);
  });

  it("says what it leaves out as unknown, and never writes it", () => {
    assert.ok(text.includes("#   spec.template.metadata.annotations.slipway/secrets: from secrets-version#hex"));
    assert.equal(text.includes("$unknown"), false);
  });

  it("leaves out what only Pulumi reads", () => {
    assert.ok(JSON.stringify(plan).includes("pulumi.com/waitFor"));
    assert.equal(text.includes("pulumi.com/"), false);
  });

  it("names what is not of Kubernetes", () => {
    const bucket = { ...plan.resources.at(-1)!, type: "aws:s3/bucket:Bucket", name: "uploads" };
    const rendered = renderKubernetes({ ...plan, resources: [...plan.resources, bucket] });
    assert.ok(rendered.includes("#   uploads (aws:s3/bucket:Bucket)"));
  });

  it("says the same to readers of YAML 1.1, to whom a bare yes is no text", async () => {
    const environment = { A: "yes", B: "0755", C: "1:30", D: "=", E: "~", F: "2026-01-01", G: "1e3", H: "<<" };
    const traps = { ...file, service: { environment }, monitoring: { webhook: "https://hooks.example.com/ops" } };
    const rendered = renderKubernetes(await record(() => runStack(resolveSettings("staging", traps, {}))));
    const read = (version: "1.1" | "1.2") =>
      parseAllDocuments(rendered, { version }).map((document) => document.toJS() as unknown);
    assert.deepEqual(read("1.1"), read("1.2"));
    // Of a type that the library has not, and Python's refuses.
    assert.match(rendered, /matchType: "="/);
  });

  it("is the same whatever the order of registration", () => {
    assert.equal(renderKubernetes({ ...plan, resources: [...plan.resources].reverse() }), text);
  });
});
