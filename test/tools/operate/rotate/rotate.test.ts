import { strict as assert } from "node:assert";
import type { Operations } from "../../../../stacks/operations";
import type { Rotation } from "../../../../stacks/rotations";
import type { Fed, RotateOptions } from "../../../../tools/operate/rotate/contract";
import { rotate } from "../../../../tools/operate/rotate/rotate";
import { Recorded } from "../recorded";

const operations = (rotation: Rotation, secret = "SECRET") =>
  ({
    ...{ target: "kubernetes", namespace: "shop", kind: "Deployment", name: "web", container: "web", image: "shop:1" },
    rotations: { [secret]: rotation },
  }) as const satisfies Operations;
const plain: RotateOptions = { finish: false, reencrypted: false };
const generation = (more: object = {}) => ({ by: "generation", bytes: 32, generation: 1, ...more }) as const;

function asked(rotation: Rotation, answers: Readonly<Record<string, readonly unknown[]>> = {}, secret = "SECRET") {
  const recorded = new Recorded(answers);
  const inputs: string[] = [];
  const run: Fed = (command, args, input) => {
    if (input !== undefined) inputs.push(input);
    return recorded.run(command, args);
  };
  const tools = { run, progress: () => undefined, pollSeconds: 0 };
  const started = (options: Partial<RotateOptions> = {}, more: object = {}) =>
    rotate(recorded.stack(operations(rotation, secret)), secret, { ...plain, ...options }, { ...tools, ...more });
  return { recorded, inputs, started };
}
const up = "pulumi up --yes --skip-preview";
const set = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([key, value]) => `pulumi config set --path slipway:secrets.SECRET.${key} ${value}`);

describe("slipway rotate, against recorded answers", () => {
  it("two generations: first all accept the new one, then all use it", async () => {
    const { recorded, started } = asked(generation());
    const { outcome, note } = await started();
    assert.deepEqual(recorded.asked, [
      ...[...set({ generate: 32, generation: 1, fallback: 2 }), up],
      ...[...set({ generate: 32, generation: 2, fallback: 1 }), up],
    ]);
    assert.equal(outcome, "rotated");
    assert.match(note, /SECRET_FALLBACK until: slipway rotate prod SECRET --finish/);
  });

  it("two generations: the second step waits for what the target's controllers make of the first", async () => {
    const { recorded, started } = asked(generation());
    const settled = () => {
      recorded.asked.push("settled");
      return recorded.asked.length > 6 ? Promise.reject(new Error("taken back")) : Promise.resolve();
    };
    await assert.rejects(started({}, { settled }), /taken back/);
    assert.deepEqual(recorded.asked.slice(3, 6), [up, "settled", ...set({ generate: 32 })]);
  });

  it("two generations: a command that was interrupted goes on with the generation that it began", async () => {
    const { recorded, started } = asked(generation({ generation: 3, fallback: 4 }));
    await started();
    assert.deepEqual(recorded.asked.slice(4, 7), set({ generate: 32, generation: 4, fallback: 3 }));
  });

  it("--finish removes the previous one, once; without it nothing is rotated twice", async () => {
    const { recorded, started } = asked(generation({ generation: 2, fallback: 1 }));
    await assert.rejects(started(), /previous value is still accepted.*--finish/);
    assert.deepEqual(recorded.asked, []);
    assert.equal((await started({ finish: true })).outcome, "finished");
    assert.deepEqual(recorded.asked, ["pulumi config rm --path slipway:secrets.SECRET.fallback", up]);
    await assert.rejects(asked(generation()).started({ finish: true }), /nothing to finish/);
    await assert.rejects(asked(generation({ fallback: 2 })).started({ finish: true }), /not rotated to the end/);
  });

  it("--finish of the key that encrypts says what is lost, unless nothing is left under it", async () => {
    const key = () => asked(generation({ generation: 2, fallback: 1 }), {}, "ENCRYPTION_KEY");
    await assert.rejects(key().started({ finish: true }), /cannot be read by anybody/);
    assert.equal((await key().started({ finish: true, reencrypted: true })).outcome, "finished");
  });

  it("a replacement is asked of the engine by type and name, and counts once PostgreSQL lets it in", async () => {
    const rotation = { by: "replacement", resource: "RandomPassword::db-password", effect: "a moment" } as const;
    const { recorded, started } = asked(
      { ...rotation, server: "db" },
      { "docker exec db": ["refused", "refused", "1"] },
    );
    assert.equal((await started()).note, "a moment");
    assert.equal(recorded.asked[0], `${up} --replace **RandomPassword::db-password`);
    assert.equal(recorded.asked.length, 4);
    const never = asked({ ...rotation, server: "db" }, { "docker exec db": ["refused"] });
    await assert.rejects(never.started(), /does not take its new password: docker logs db/);
  });

  it("RDS: rotates its own password, and the command ends when another version of the secret is the current one", async () => {
    const instance = (status: string) => ({
      DBInstances: [{ MasterUserSecret: { SecretArn: "arn:s", SecretStatus: status } }],
    });
    const versions = (current: string) => ({ VersionIdsToStages: { a: [], [current]: ["AWSCURRENT"] } });
    const { recorded, started } = asked(
      { by: "rds", instance: "shop-db" },
      {
        "describe-db-instances": [instance("active"), instance("active"), instance("rotating"), instance("active")],
        "describe-secret --secret-id arn:s": [versions("one"), versions("one"), versions("two"), versions("two")],
        "modify-db-instance": [{}],
      },
    );
    await started();
    assert.ok(
      recorded.asked.includes(
        "aws rds modify-db-instance --db-instance-identifier shop-db --rotate-master-user-password --apply-immediately --output json",
      ),
    );
    assert.equal(recorded.asked.length, 9);
    const cluster = (status: string) => ({
      DBClusters: [{ MasterUserSecret: { SecretArn: "arn:s", SecretStatus: status } }],
    });
    const ofCluster = asked(
      { by: "rds-cluster", cluster: "shop-db" },
      {
        "describe-db-clusters --db-cluster-identifier shop-db": [
          cluster("active"),
          cluster("rotating"),
          cluster("active"),
        ],
        "describe-secret --secret-id arn:s": [versions("one"), versions("one"), versions("two")],
        "modify-db-cluster --db-cluster-identifier shop-db --rotate-master-user-password --apply-immediately": [{}],
      },
    );
    await ofCluster.started();
    assert.equal(ofCluster.recorded.asked.length, 7);
    const broken = asked(
      { by: "rds", instance: "shop-db" },
      {
        "describe-db-instances": [instance("active"), instance("impaired")],
        "describe-secret": [versions("one")],
        "modify-db-instance": [{}],
      },
    );
    await assert.rejects(broken.started(), /RDS could not rotate it/);
  });

  it("CloudNativePG: the Secret changes as a whole, through standard input, and pods look at once", async () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const data = {
      username: base64("app"),
      password: base64("old-hunter2"),
      uri: base64("postgresql://app:old-hunter2@db/app"),
    };
    const cluster = (version: string) => ({
      status: { secretsResourceVersion: { applicationSecretVersion: version } },
    });
    const { recorded, inputs, started } = asked(
      { by: "cloudnative-pg", secret: "database-app", cluster: "database" },
      {
        "get secrets/database-app": [{ data }, { metadata: { resourceVersion: "8" } }],
        "get deployments.apps/web": [{ spec: { selector: { matchLabels: { app: "web" } } } }],
        "get clusters.postgresql.cnpg.io/database": [cluster("7"), cluster("8")],
        patch: ["patched"],
        annotate: ["annotated"],
      },
    );
    await started();
    const { stringData } = JSON.parse(inputs.join("")) as { stringData: Record<string, string> };
    assert.match(stringData["password"]!, /^[0-9a-f]{64}$/);
    assert.deepEqual(stringData, {
      password: stringData["password"],
      uri: `postgresql://app:${stringData["password"]}@db/app`,
    });
    assert.ok(!recorded.asked.some((line) => line.includes(stringData["password"]!) || line.includes("hunter2")));
    const [patch, annotate] = recorded.asked.filter((line) => /patch|annotate/.test(line));
    assert.match(patch!, /patch secrets\/database-app --type merge --patch-file \/dev\/stdin$/);
    assert.match(annotate!, /annotate pods --selector app=web --overwrite slipway\/secret-changed-at=/);
    assert.equal(recorded.asked.filter((line) => line.includes("clusters.")).length, 2);
  });

  it("says how, where it has no new value, and what there is, for a name that is none", async () => {
    await assert.rejects(asked({ by: "hand", how: "ask Ada" }).started(), /no new value for SECRET: ask Ada/);
    const { recorded } = asked(generation());
    const stack = recorded.stack(operations(generation()));
    const tools = { run: () => Promise.resolve(""), progress: () => undefined, pollSeconds: 0 };
    await assert.rejects(rotate(stack, "AUTH", plain, tools), /has no secret AUTH\. It has: SECRET/);
    const { rotations: _, ...before } = operations(generation());
    await assert.rejects(rotate(recorded.stack(before), "SECRET", plain, tools), /run pulumi up with this version/);
  });
});
