import { strict as assert } from "node:assert";
import { resolveSettings } from "../../stacks/settings/load";
import { SettingsError } from "../../stacks/settings/problems";
import { type Rotations, rotationsOf } from "../../stacks/rotations";
import type { Plan } from "../../tools/plan/plan";
import { planOf } from "../parity/targets";

const targets = ["aws-ecs", "kubernetes", "docker"] as const;
const rotations = ({ outputs }: Plan) => (outputs["operations"] as { rotations: Rotations }).rotations;
const generated = ({ resources }: Plan) =>
  resources.filter(({ type }) => /RandomBytes|RandomPassword/.test(type)).map(({ name }) => name);

function refused(secrets: object, environment: object = {}): string[] {
  const file = {
    target: "kubernetes",
    domain: "shop.example.com",
    image: "ghcr.io/acme/shop:1.4.2",
    preset: "staging",
  };
  try {
    resolveSettings("test", { ...file, secrets, service: { environment } }, {});
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems.map(({ key }) => key);
  }
}

describe("what a stack says of the rotation of its secrets", () => {
  for (const target of targets) {
    it(`${target}: every generated secret is in it, and what it names is in the stack`, async () => {
      const plan = await planOf(
        target,
        target === "docker" ? { docker: { basicAuthUser: "staging", backupsOnThisHostOnly: true } } : {},
      );
      const known = rotations(plan);
      const named = Object.values(known).flatMap((rotation) =>
        rotation.by === "replacement" ? [rotation.resource.split("::")[1]!] : [],
      );
      const applications = ["AUTH_SECRET", "ENCRYPTION_KEY"];
      assert.deepEqual(
        applications.map((name) => known[name]?.by),
        ["generation", "generation"],
      );
      for (const name of named) assert.ok(generated(plan).includes(name), name);
      const ownOf = (name: string) =>
        applications.some(
          (each) => name.toLowerCase().endsWith(each.toLowerCase().replaceAll("_", "-")) || name.endsWith(each),
        );
      // The exporter's password goes with the cache's: both are in one Secret, and nobody outside has it.
      const inner = ["cache-metrics-password", "slipway-test-database-backup-key"];
      assert.deepEqual(
        generated(plan).filter((name) => !named.includes(name) && !ownOf(name) && !inner.includes(name)),
        [],
      );
    });
  }

  for (const target of targets) {
    it(`${target}: a value keeps its resource when it becomes the fallback`, async () => {
      const values = async (AUTH_SECRET: object) =>
        generated(await planOf(target, { secrets: { AUTH_SECRET } })).sort();
      const accepted = await values({ generate: 32, generation: 1, fallback: 2 });
      const used = await values({ generate: 32, generation: 2, fallback: 1 });
      assert.deepEqual(used, accepted);
      const own = used.filter((name) => /auth.secret/i.test(name));
      assert.equal(own.length, 2);
      // The first generation has the name of before; the second has its own.
      assert.ok(own.some((name) => /auth.secret$/i.test(name)));
      assert.ok(own.some((name) => /auth.secret\.2$/i.test(name)));
      const finished = await values({ generate: 32, generation: 2 });
      assert.deepEqual(
        used.filter((name) => !finished.includes(name)),
        own.filter((name) => !name.endsWith(".2")),
      );
    });
  }

  it("the application is given both, as files", async () => {
    const plan = await planOf("docker", { secrets: { AUTH_SECRET: { generate: 32, generation: 2, fallback: 1 } } });
    const replica = plan.resources.find(({ name }) => name === "slipway-test-app-1");
    assert.match(
      JSON.stringify(replica?.inputs["envs"]),
      /AUTH_SECRET_FALLBACK_FILE=\/run\/secrets\/auth-secret-fallback\/value/,
    );
  });

  it("refuses a fallback that is the generation itself, and another secret or variable of its name", () => {
    const rotated = { AUTH_SECRET: { generate: 32, generation: 2, fallback: 1 } };
    assert.deepEqual(refused(rotated), []);
    assert.deepEqual(refused({ AUTH_SECRET: { generate: 32, fallback: 1 } }), ["slipway:secrets.AUTH_SECRET.fallback"]);
    assert.deepEqual(refused({ ...rotated, AUTH_SECRET_FALLBACK: "given" }), ["slipway:secrets.AUTH_SECRET_FALLBACK"]);
    assert.deepEqual(refused(rotated, { AUTH_SECRET_FALLBACK: "x" }), [
      "slipway:service.environment.AUTH_SECRET_FALLBACK",
    ]);
    assert.deepEqual(refused({ AUTH_SECRET: { generate: 32, generation: 0 } }).length, 1);
  });

  it("says by whom each secret of the stack file gets another value", () => {
    const secrets = {
      GIVEN: "hunter22",
      ELSEWHERE: { reference: "vault:shop/a#b" },
      FIRST: { generate: 32 },
      THIRD: { generate: 16, generation: 3, fallback: 2 },
    };
    assert.deepEqual(rotationsOf({ secrets, database: { separateRoles: true } } as never), {
      DATABASE_PASSWORD: { by: "generation", bytes: 24, generation: 1 },
      GIVEN: {
        by: "hand",
        how: "its value was given: pulumi config set --secret --path slipway:secrets.GIVEN, then pulumi up",
      },
      ELSEWHERE: { by: "hand", how: "it is kept elsewhere: a new value there, then pulumi up (vault:shop/a#b)" },
      FIRST: { by: "generation", bytes: 32, generation: 1 },
      THIRD: { by: "generation", bytes: 16, generation: 3, fallback: 2 },
    });
    assert.deepEqual(Object.keys(rotationsOf({ secrets, database: {} } as never)), Object.keys(secrets));
  });
});
