import { strict as assert } from "node:assert";
import type { KubernetesOperations } from "../../../../stacks/operations";
import { kubernetesData } from "../../../../tools/operate/data/kubernetes";
import { Recorded } from "../recorded";

const operations: KubernetesOperations = {
  ...{ target: "kubernetes", namespace: "shop", kind: "Deployment", name: "web", container: "web", image: "shop:1" },
  backups: { cluster: "database", database: "app" },
};
const archive = { barmanObjectName: "database-backups", serverName: "shop-database-3fa9c1" };
const live = {
  metadata: { name: "database", namespace: "shop" },
  spec: {
    imageName: "ghcr.io/cloudnative-pg/postgresql:17-standard-trixie",
    storage: { size: "20Gi" },
    resources: { limits: { memory: "512Mi" } },
    plugins: [{ name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true, parameters: archive }],
    postgresql: { parameters: { max_connections: "100" }, synchronous: { number: 1 } },
  },
  status: { currentPrimary: "database-1" },
};
const ready = (name: string) => ({
  metadata: { name, namespace: "shop" },
  spec: {},
  status: { currentPrimary: `${name}-1`, conditions: [{ type: "Ready", status: "True" }] },
});
const backup = (stoppedAt: string, phase = "completed") => ({
  metadata: { name: "database-base-backup-1" },
  spec: { cluster: { name: "database" } },
  status: { phase, stoppedAt, backupName: "backup-20261127031500" },
});
const policy = {
  metadata: { name: "database-servers" },
  spec: {
    podSelector: { matchLabels: { "cnpg.io/cluster": "database" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { "cnpg.io/cluster": "database" } } }] }],
  },
};
const drillName = "database-drill-20261127-120000";
const rows = "public.entries|3|-77\npublic.users|2|5";
const silent = () => undefined;

describe("the verbs of data on Kubernetes, against recorded answers", () => {
  const driver = (more: Readonly<Record<string, readonly unknown[]>> = {}) => {
    const recorded = new Recorded({
      // The first that fits answers.
      "pg_create_restore_point('slipway-drill')": [`log|0/5000028\n${rows}`],
      ...more,
      [`get clusters.postgresql.cnpg.io/${drillName}`]: [
        { metadata: {}, spec: {}, status: { phase: "Setting up primary" } },
        ready(drillName),
      ],
      "get clusters.postgresql.cnpg.io/database-restored": [ready("database-restored-20261127-120000")],
      "get clusters.postgresql.cnpg.io/database ": [live],
      "get backups.postgresql.cnpg.io --output": [{ items: more["items"] ?? [backup("2026-11-27T03:16:00Z")] }],
      "get objectstores": [{ spec: { configuration: { destinationPath: "s3://acme-backups/shop" } } }],
      "get configmap": [""],
      "get networkpolicy": [policy],
      "get pods --selector": [{ items: [] }],
      "pg_create_restore_point('slipway-restore')": ["0/6000028"],
      pg_walfile_name: ["000000010000000000000005"],
      pg_switch_wal: [""],
      "to_char(last_archived_time": ["2026-11-27T11:59:00Z|0"],
      "coalesce(last_archived_wal": ["000000010000000000000005"],
      hashtextextended: [rows],
      ...{ "create --filename": [""], "apply --filename": [""], "delete ": [""], "drop database if exists": [""] },
      ...{ "select 1 from pg_database": ["1"], "allow_connections false": [""] },
      ...more,
    });
    const piped: string[] = [];
    return {
      recorded,
      piped,
      made: (kind: string) =>
        recorded.asked
          .filter((line) => line.includes(" << {"))
          .map((line) => JSON.parse(line.split(" << ")[1]!) as Record<string, unknown>)
          .filter((manifest) => manifest["kind"] === kind),
      driver: kubernetesData(recorded.stack(operations), {
        run: (command, args, input) =>
          recorded.run(command, input === undefined ? [...args, ""] : [...args, "<<", input]),
        pipe: (from, into) => Promise.resolve(void piped.push([...from, "|", ...into].join(" "))),
        pollSeconds: 0,
        now: () => new Date("2026-11-27T12:00:00Z"),
      }),
    };
  };

  it("drill: a Cluster of its own from the same archive, up to the moment that was compared, and gone afterwards", async () => {
    const { driver: data, recorded, made } = driver();
    const said: string[] = [];
    const { recoveryPointSeconds, recoverySeconds, ...result } = await data.drill((line) => said.push(line));
    assert.deepEqual(result, {
      ...{ ok: true, at: "2026-11-27T12:00:00.000Z", where: "s3://acme-backups/shop" },
      ...{ backup: "backup-20261127031500", tables: 2, rows: 5 },
    });
    assert.ok(recoveryPointSeconds! >= 0 && recoverySeconds! >= 0);
    const [{ metadata, spec }] = made("Cluster") as [{ metadata: object; spec: Record<string, unknown> }];
    assert.deepEqual(metadata, {
      ...{ name: drillName, namespace: "shop", labels: { "app.slipway/restored-from": "database" } },
    });
    assert.deepEqual(spec, {
      ...{ instances: 1, enablePDB: false, enableSuperuserAccess: false },
      ...{ imageName: live.spec.imageName, resources: live.spec.resources, storage: live.spec.storage },
      postgresql: { parameters: { max_connections: "100" } },
      bootstrap: {
        recovery: {
          ...{ source: "origin", database: "app", owner: "app" },
          recoveryTarget: { targetLSN: "0/5000028", exclusive: true },
        },
      },
      externalClusters: [{ name: "origin", plugin: { name: "barman-cloud.cloudnative-pg.io", parameters: archive } }],
    });
    // It would write over the live one's archive.
    assert.equal("plugins" in spec, false);
    assert.equal(
      JSON.stringify(made("NetworkPolicy")).match(new RegExp(`"cnpg.io/cluster":"${drillName}"`, "g"))?.length,
      2,
    );
    assert.ok(recorded.asked.some((line) => line.includes(`delete clusters.postgresql.cnpg.io/${drillName}`)));
    const [kept] = made("ConfigMap") as [{ data: { last: string; restored: string } }];
    assert.equal(kept.data.restored, "2026-11-27T12:00:00.000Z");
    assert.ok(said.includes("restore: Setting up primary"));
  });

  for (const [why, more, error] of [
    ["no backup", { items: [] }, /^empty: there is no base backup/],
    ["a backup that failed alone", { items: [backup("2026-11-27T03:16:00Z", "failed")] }, /^empty/],
    ["an old backup", { items: [backup("2026-11-26T09:59:00Z")] }, /^stale: .* older than 26 hours/],
    [
      "another row",
      { hashtextextended: ["public.entries|3|-78\npublic.users|2|5"] },
      /differ from the live ones: public.entries/,
    ],
    [
      "a table that is missing",
      { hashtextextended: ["public.users|2|5"] },
      /differ from the live ones: public.entries/,
    ],
    ["nothing restored", { hashtextextended: [""] }, /^empty: none of 2 tables/],
    [
      "an archive that ends too early",
      {
        [`get clusters.postgresql.cnpg.io/${drillName}`]: [{ metadata: {}, spec: {}, status: {} }],
        "get pods --selector": [{ items: [{ metadata: { name: "x-full-recovery" }, status: { phase: "Failed" } }] }],
        "logs x-full-recovery": ["FATAL: recovery ended before configured recovery target was reached"],
      },
      /^stale: the archived log ends/,
    ],
  ] as const) {
    it(`drill: fails on ${why}, leaves nothing behind, and says when the last one passed`, async () => {
      const {
        driver: data,
        recorded,
        made,
      } = driver({
        ...(more as Record<string, readonly unknown[]>),
        "get configmap": [{ data: { last: "{}", restored: "2026-11-20T12:00:00Z" } }],
      });
      const { ok, error: said } = await data.drill(silent);
      assert.equal(ok, false);
      assert.match(said!, error);
      assert.ok(recorded.asked.some((line) => line.includes(`delete clusters.postgresql.cnpg.io/${drillName}`)));
      const [kept] = made("ConfigMap") as [{ data: { restored: string } }];
      assert.equal(kept.data.restored, "2026-11-20T12:00:00Z");
    });
  }

  it("restore: beside the live one, compared, copied into the live server, and two names changed", async () => {
    const { driver: data, made, piped, recorded } = driver();
    const result = await data.restore("2026-11-27T11:00:00Z", false, silent);
    assert.deepEqual(result, {
      copy: "app_restored_20261127_110000",
      before: "app_before_20261127_120000",
      tables: [
        { name: "public.entries", live: 3, restored: 3, same: true },
        { name: "public.users", live: 2, restored: 2, same: true },
      ],
    });
    const [{ spec }] = made("Cluster") as [{ spec: { bootstrap: { recovery: { recoveryTarget: object } } } }];
    assert.deepEqual(spec.bootstrap.recovery.recoveryTarget, { targetTime: "2026-11-27 11:00:00.000+00" });
    assert.match(
      piped[0]!,
      /database-restored-20261127-120000-1 .*pg_dump.* \| .*exec --stdin database-1 .*pg_restore --exit-on-error --dbname=app_restored/,
    );
    assert.ok(
      recorded.asked.some((line) => /alter database "app_restored_20261127_110000" rename to "app"/.test(line)),
    );
    assert.ok(recorded.asked.some((line) => line.includes("delete clusters.postgresql.cnpg.io/database-restored")));
  });

  it("restore --look: leaves the Cluster, and the live one as it is", async () => {
    const { driver: data, piped, recorded } = driver();
    const { copy, before } = await data.restore("2026-11-27T11:00:00Z", true, silent);
    assert.deepEqual([copy, before, piped], ["database-restored-20261127-120000", undefined, []]);
    assert.ok(!recorded.asked.some((line) => line.includes(" delete ") || line.includes("rename to")));
  });

  it("restore: refuses what cannot be restored before anything is made", async () => {
    const { driver: data, made } = driver();
    await assert.rejects(data.restore("yesterday", true, silent), /is no time/);
    await assert.rejects(data.restore("2026-11-27T13:00:00Z", true, silent), /has not come yet/);
    await assert.rejects(data.restore("2026-11-27T03:00:00Z", true, silent), /nothing from before/);
    assert.deepEqual(made("Cluster"), []);
  });

  it("backup: asks for one, waits for it, and says what there is; a failed one is an error", async () => {
    const one = "get backups.postgresql.cnpg.io/database-slipway";
    const { driver: data, made } = driver({ [one]: [{ status: {} }, backup("2026-11-27T12:00:30Z")] });
    const { repositories, archivedAt, segmentsWaiting } = await data.backup(silent);
    assert.equal(repositories[0]!.backups.length, 1);
    assert.deepEqual([archivedAt, segmentsWaiting], ["2026-11-27T11:59:00Z", 0]);
    assert.deepEqual(made("Backup")[0]!["spec"], {
      ...{ cluster: { name: "database" }, method: "plugin" },
      pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
    });
    const failing = driver({ [one]: [{ status: { phase: "failed", error: "no such bucket" } }] });
    await assert.rejects(failing.driver.backup(silent), /the backup failed: no such bucket/);
  });
});
