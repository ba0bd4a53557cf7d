import { strict as assert } from "node:assert";
import { runStack } from "../../../stacks/targets";
import { resolveSettings } from "../../../stacks/settings/load";
import { SettingsError } from "../../../stacks/settings/problems";
import { sections } from "../../../stacks/settings/schema";
import type { Settings, Target } from "../../../stacks/settings/settings";
import type { Plan } from "../../../tools/plan/plan";
import { targets } from "../../parity/targets";
import { all, record } from "../../record";
import { variablesOf } from "../../variables";

type Raw = Readonly<Record<string, unknown>>;

/** What a name promises: resources of these types, and what the application is told. */
interface Promised {
  readonly creates: readonly string[];
  readonly tells: readonly string[];
  /** What the settings need beside the name. */
  readonly settings?: Raw;
  readonly secrets?: Raw;
  /** Where the name needs more on one target. */
  readonly on?: Partial<Record<Target, Raw>>;
}

const keys = { STORAGE_ACCESS_KEY_ID: "AKIA1", STORAGE_SECRET_ACCESS_KEY: "hunter2" };
const nowhere: Promised = { creates: [], tells: [] };

const concerns: Readonly<
  Record<string, { readonly told: RegExp; readonly names: Readonly<Record<string, Promised>> }>
> = {
  database: {
    told: /^DATABASE_(?!POOL_SIZE)/,
    names: {
      rds: {
        creates: ["aws:rds/instance:Instance"],
        tells: ["DATABASE_SECRET_ARN", "DATABASE_TLS", "DATABASE_URL"],
        on: {
          kubernetes: {
            vpcId: "vpc-0a1b2c3d",
            subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
            clientSecurityGroupIds: ["sg-0a1b2c3d"],
          },
        },
      },
      "aurora-serverless-v2": {
        creates: ["aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"],
        tells: ["DATABASE_SECRET_ARN", "DATABASE_TLS", "DATABASE_URL"],
      },
      "cloudnative-pg": {
        creates: ["kubernetes:postgresql.cnpg.io/v1:Cluster"],
        tells: ["DATABASE_CA", "DATABASE_MIGRATION_URL", "DATABASE_PASSWORD", "DATABASE_TLS", "DATABASE_URL"],
      },
      docker: {
        creates: ["slipway:database:DockerPostgres"],
        tells: ["DATABASE_PASSWORD", "DATABASE_TLS", "DATABASE_URL"],
      },
      external: {
        creates: ["slipway:database:ExternalPostgres"],
        tells: ["DATABASE_PASSWORD", "DATABASE_TLS", "DATABASE_URL"],
        settings: { url: "postgres://app@db.example.com:5432/app" },
        secrets: { DATABASE_PASSWORD: "hunter2" },
      },
      none: nowhere,
    },
  },
  cache: {
    told: /^REDIS_/,
    names: {
      elasticache: {
        creates: ["aws:elasticache/replicationGroup:ReplicationGroup"],
        tells: ["REDIS_PASSWORD", "REDIS_URL"],
      },
      kubernetes: { creates: ["slipway:cache:KubernetesValkey"], tells: ["REDIS_PASSWORD", "REDIS_URL"] },
      docker: { creates: ["slipway:cache:DockerValkey"], tells: ["REDIS_PASSWORD", "REDIS_URL"] },
      external: {
        creates: [],
        tells: ["REDIS_PASSWORD", "REDIS_URL"],
        settings: { url: "rediss://cache.example.com:6379" },
        secrets: { REDIS_PASSWORD: "hunter2" },
      },
      none: nowhere,
    },
  },
  storage: {
    told: /^STORAGE_/,
    names: {
      s3: { creates: ["slipway:storage:AwsS3Storage"], tells: ["STORAGE_BUCKET", "STORAGE_REGION"] },
      volume: { creates: ["slipway:storage:Uploads"], tells: ["STORAGE_BUCKET"] },
      external: {
        creates: [],
        tells: [
          "STORAGE_ACCESS_KEY_ID",
          "STORAGE_BUCKET",
          "STORAGE_ENDPOINT",
          "STORAGE_REGION",
          "STORAGE_SECRET_ACCESS_KEY",
        ],
        settings: { bucket: "acme-uploads", endpoint: "https://minio.example.com", region: "eu-central-1" },
        secrets: keys,
      },
      none: nowhere,
    },
  },
  cdn: {
    told: /^$/,
    names: {
      cloudfront: { creates: ["aws:cloudfront/distribution:Distribution"], tells: [] },
      nginx: { creates: ["docker:index/volume:Volume slipway-test-nginx-assets"], tells: [] },
      vercel: { creates: ["vercel:index/project:Project"], tells: [] },
      none: nowhere,
    },
  },
};

const thereIs = (plan: Plan, what: string): boolean => {
  const [type, name] = what.split(" ") as [string, string?];
  // One name for the volume of whichever target.
  const types =
    type === "slipway:storage:Uploads"
      ? ["DockerUploads", "KubernetesUploads"].map((kind) => `slipway:storage:${kind}`)
      : [type];
  return types.flatMap((each) => all(plan, each)).some((resource) => name === undefined || resource.name === name);
};

describe("implementations", () => {
  for (const [concern, { told, names }] of Object.entries(concerns)) {
    const every = sections[concern as keyof typeof sections].shape as unknown as {
      implementation: { options: readonly string[] };
    };

    for (const [target, { file }] of Object.entries(targets)) {
      for (const name of every.implementation.options.filter((option) => option !== "vercel")) {
        it(`${target}: ${concern} by ${name} is that, or is refused with the reason`, async () => {
          const promised = names[name]!;
          const section = { implementation: name, ...promised.settings, ...promised.on?.[target as Target] };
          const raw = { target, ...file, [concern]: section, secrets: promised.secrets };
          const settings = settingsOrRefusal(raw, concern, name);
          if (settings === undefined) return;

          const plan = await record(() => runStack(settings), { config: { "aws:region": "eu-central-1" } });
          const others = Object.entries(names).filter(([other]) => other !== name);
          assert.deepEqual(
            promised.creates.filter((type) => !thereIs(plan, type)),
            [],
            "is missing",
          );
          assert.deepEqual(
            others.flatMap(([, { creates }]) => creates).filter((type) => thereIs(plan, type)),
            [],
            "belongs to another implementation",
          );
          assert.deepEqual([...variablesOf(plan)].filter((variable) => told.test(variable)).sort(), promised.tells);
          assert.ok(!JSON.stringify(plan).includes("hunter2"));
        });
      }
    }
  }

  it("are all tried: a new one has to be promised something", () => {
    for (const [concern, { names }] of Object.entries(concerns)) {
      const { options } = sections[concern as "database"].shape.implementation;
      assert.deepEqual(Object.keys(names).sort(), [...options].sort());
    }
  });
});

/** Undefined where the one thing that is wrong is the name, and the message says why. */
function settingsOrRefusal(raw: Raw, concern: string, name: string): Settings | undefined {
  try {
    return resolveSettings("test", raw, { awsRegion: "eu-central-1" });
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    const [refused, ...more] = error.problems.filter(
      ({ key }) => !/\.(vpcId|subnetIds|clientSecurityGroupIds)$/.test(key),
    );
    assert.deepEqual(more, [], error.message);
    assert.equal(refused?.key, `slipway:${concern}.implementation`);
    assert.equal(refused.found, name);
    assert.match(refused.message, /^does not work with target \S+: .{20,}; expected /);
    return undefined;
  }
}
