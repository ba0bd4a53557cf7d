import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { SecretSource, VercelSecretRef } from "../../../components/secrets/contract";
import { VercelSecrets } from "../../../components/secrets/vercel-secrets";
import { isSecret } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";

const variableType = "vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable";
const linkType = "vercel:index/sharedEnvironmentVariableProjectLink:SharedEnvironmentVariableProjectLink";

describe("VercelSecrets", () => {
  const create = async (secrets: Record<string, SecretSource>) => {
    let refs: Readonly<Record<string, VercelSecretRef>> = {};
    const plan = await record(() => {
      refs = new VercelSecrets("secrets", { projectId: "prj_1", secrets }).refs;
    });
    return { plan, refs };
  };

  it("keeps a given value as a sensitive variable of production, and shows it nowhere", async () => {
    const { plan, refs } = await create({ EMAIL_API_KEY: { from: "value", value: "re_verysecret" } });
    const { value, ...inputs } = only(plan, variableType, "secrets-EMAIL_API_KEY").inputs;
    ok(isSecret(value));
    deepEqual(inputs, { projectId: "prj_1", key: "EMAIL_API_KEY", sensitive: true, targets: ["production"] });
    equal(JSON.stringify(plan).includes("verysecret"), false);
    equal(refs["EMAIL_API_KEY"]?.variable, "EMAIL_API_KEY");
  });

  it("generates what is to be generated", async () => {
    const { plan } = await create({ AUTH_SECRET: { from: "generate", bytes: 48 } });
    deepEqual(only(plan, "random:index/randomBytes:RandomBytes", "secrets-AUTH_SECRET").inputs, { length: 48 });
    const { sensitive, value } = only(plan, variableType, "secrets-AUTH_SECRET").inputs;
    equal(sensitive, true);
    ok(isSecret(value));
  });

  it("gives each a version that changes with the value and is not made of it", async () => {
    const { plan, refs } = await create({ EMAIL_API_KEY: { from: "value", value: "re_verysecret" } });
    ok(refs["EMAIL_API_KEY"]?.version !== undefined);
    const { inputs } = only(plan, "random:index/randomId:RandomId", "secrets-EMAIL_API_KEY-version");
    equal(inputs["byteLength"], 6);
    ok(isSecret(inputs["keepers"]) || Object.values(inputs["keepers"] as object).every(isSecret));
  });

  it("links a variable that the team shares, and makes none", async () => {
    const { plan, refs } = await create({ SENTRY_DSN: { from: "reference", reference: "env_2WjyKQmM8ZnGcJ" } });
    deepEqual(only(plan, linkType).inputs, { projectId: "prj_1", sharedEnvironmentVariableId: "env_2WjyKQmM8ZnGcJ" });
    equal(all(plan, variableType).length, 0);
    deepEqual(refs["SENTRY_DSN"], { store: "vercel", variable: "SENTRY_DSN" });
  });

  it("refuses a reference of another target", async () => {
    await rejects(
      create({ SENTRY_DSN: { from: "reference", reference: "arn:aws:secretsmanager:eu-central-1:1:secret:x" } }),
      /secrets\.SENTRY_DSN: the reference "arn:aws.*expected the id of a variable that the team shares, env_…/,
    );
  });
});
