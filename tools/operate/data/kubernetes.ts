import { setTimeout as sleep } from "node:timers/promises";
import { redacted } from "../../../components/shared/redacted";
import type { KubernetesOperations } from "../../../stacks/operations";
import { OperateError, type Stack } from "../contract";
import { parsed } from "../watched";
import type { Backups, DataDriver, Drill, Restored, Say } from "./contract";
import { fed } from "../stack";
import { piped, type RunWithInput } from "./run";
import {
  archiveOf,
  barman,
  type Cluster,
  type NetworkPolicy,
  recoveryCluster,
  recoveryPolicy,
  type RecoveryTarget,
} from "./recovery-cluster";
import { compared, moment, parseSums, sums, swap } from "./sql";

/** What a test replaces. */
export interface KubernetesDataOptions {
  readonly run?: RunWithInput;
  /** Standard output of the first command into the second. */
  readonly pipe?: typeof piped;
  readonly pollSeconds?: number;
  readonly now?: () => Date;
}

const day = 24 * 3600_000;
/** What a base backup a day may be late by, as on one host. */
const staleAfter = 26 * 3600_000;
/** CloudNativePG archives a segment after 5 minutes at the latest. */
const archiveSeconds = 420;
const restoreSeconds = 6 * 3600;

/**
 * CloudNativePG with the Barman Cloud plugin, by `kubectl`. A restore is a Cluster of its own beside the live one, made from
 * the same archive; rows are compared by psql in both servers' pods.
 */
export function kubernetesData(
  { operations }: Stack<KubernetesOperations>,
  { run = fed, pipe = piped, pollSeconds = 5, now = () => new Date() }: KubernetesDataOptions = {},
): DataDriver {
  const { namespace, backups: known } = operations;
  if (known === undefined)
    throw new OperateError("the stack has no backups of its own: slipway:kubernetes.backupBucket");
  const { cluster: live, database } = known;
  const kubectl = (args: readonly string[], input?: string) =>
    run("kubectl", ["--namespace", namespace, ...args], input);
  const get = async <T>(...args: readonly string[]) =>
    parsed<T>(await kubectl(["get", ...args, "--output", "json"]), `kubectl get ${args[0]}`);
  const create = (manifest: object) => kubectl(["create", "--filename", "-"], JSON.stringify(manifest));
  const clusterNamed = (name: string) => get<Cluster>(`clusters.postgresql.cnpg.io/${name}`);
  const stamp = () =>
    now()
      .toISOString()
      .replace(/[-:]|\.\d+Z/g, "")
      .replace("T", "-");
  const inPod = (pod: string, ...command: readonly string[]) => [
    ...["--namespace", namespace, "exec", "--stdin", pod, "--container", "postgres", "--"],
    ...command,
  ];

  async function primaryOf(name: string): Promise<string> {
    const pod = (await clusterNamed(name)).status?.currentPrimary;
    if (pod === undefined)
      throw new OperateError(`the Cluster ${name} has no primary: kubectl -n ${namespace} get cluster ${name}`);
    return pod;
  }
  const psql = async (name: string, sql: string, of = database) =>
    run("kubectl", inPod(await primaryOf(name), "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", of, "-f", "-"), sql);

  async function completed(): Promise<{ label: string; type: string; at: string }[]> {
    const { items } = await get<{ items: readonly Backup[] }>("backups.postgresql.cnpg.io");
    return items
      .filter(
        ({ spec, status }) =>
          spec.cluster.name === live && status?.phase === "completed" && status.stoppedAt !== undefined,
      )
      .map(({ metadata, status }) => ({
        label: status!.backupName ?? metadata.name,
        type: "full",
        at: status!.stoppedAt!,
      }))
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  async function where(): Promise<string> {
    const store = archiveOf(await clusterNamed(live))?.["barmanObjectName"];
    if (store === undefined) throw new OperateError(`the Cluster ${live} archives nowhere`);
    const { spec } = await get<ObjectStore>(`objectstores.barmancloud.cnpg.io/${store}`);
    return spec.configuration.destinationPath;
  }

  async function drills(): Promise<{ lastDrill?: Drill; lastRestoredBackup?: string }> {
    const text = await kubectl(["get", "configmap", `${live}-drills`, "--ignore-not-found", "--output", "json"]);
    if (text === "") return {};
    const { data } = parsed<{ data: { last: string; restored?: string } }>(text, "kubectl get configmap");
    return { lastDrill: JSON.parse(data.last) as Drill, ...(data.restored && { lastRestoredBackup: data.restored }) };
  }

  async function backups(): Promise<Backups> {
    const archiver =
      "select coalesce(to_char(last_archived_time at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '') || '|' || (select count(*) from pg_ls_archive_statusdir() where name like '%.ready') from pg_stat_archiver;";
    const [archivedAt = "", waiting = "0"] = (await psql(live, archiver)).trim().split("|");
    return {
      repositories: [{ where: await where(), backups: await completed() }],
      ...(archivedAt !== "" && { archivedAt }),
      segmentsWaiting: Number(waiting),
      ...(await drills()),
    };
  }

  /** Restored, and answering. It is the caller's to remove. */
  async function restored(name: string, target: RecoveryTarget, say: Say): Promise<void> {
    const origin = await clusterNamed(live);
    const policy = await kubectl(["get", "networkpolicy", `${live}-servers`, "--ignore-not-found", "--output", "json"]);
    if (policy !== "")
      await create(recoveryPolicy(parsed<NetworkPolicy>(policy, "kubectl get networkpolicy"), origin, name));
    await create(recoveryCluster(origin, name, database, target));
    let last = "";
    for (let waited = 0; ; waited += pollSeconds) {
      const { status = {} } = await clusterNamed(name);
      if (status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")) return;
      const phase = `${status.phase ?? "pending"}${status.phaseReason ? `: ${status.phaseReason}` : ""}`;
      if (phase !== last) say(`restore: ${phase}`);
      last = phase;
      const failed = await failedRecovery(name);
      if (failed !== undefined) throw new OperateError(failed);
      if (waited >= restoreSeconds)
        throw new OperateError(`not restored within ${restoreSeconds / 3600} hours: ${phase}`);
      await sleep(pollSeconds * 1000);
    }
  }

  /** The last words of a recovery job that was given up. */
  async function failedRecovery(name: string): Promise<string | undefined> {
    const selector = `cnpg.io/cluster=${name},cnpg.io/jobRole=full-recovery`;
    const { items } = await get<{ items: readonly Pod[] }>("pods", "--selector", selector);
    const failed = items.find(({ status }) => status.phase === "Failed");
    if (failed === undefined) return undefined;
    const log = await kubectl(["logs", failed.metadata.name, "--tail", "20"]).catch(() => "");
    if (/before configured recovery target/.test(log))
      return "stale: the archived log ends before the point that was asked for";
    return `the backup could not be restored: ${redacted(log).trim().split("\n").at(-1) || `pod ${failed.metadata.name} failed`}`;
  }

  async function remove(name: string): Promise<void> {
    await kubectl(["delete", `clusters.postgresql.cnpg.io/${name}`, "--ignore-not-found"]);
    await kubectl(["delete", `networkpolicy/${name}-servers`, "--ignore-not-found"]);
  }

  /** A transaction that writes for long lets nobody lock its tables. */
  async function namedMoment(): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await psql(live, moment);
      } catch (error) {
        if (!/lock timeout/.test(String(error))) throw error;
        if (attempt === 20)
          throw new OperateError("no moment without a write that takes longer than a second was found in 20 tries");
        await sleep(Math.random() * 1000);
      }
    }
  }

  /** Seconds until the log up to there was archived. */
  async function archived(lsn: string): Promise<number> {
    const from = Date.now();
    const segment = (await psql(live, `select pg_walfile_name('${lsn}');`)).trim();
    // An empty transaction is no reason to archive: this is.
    await psql(live, "select pg_switch_wal();");
    for (;;) {
      const last = (await psql(live, "select coalesce(last_archived_wal, '') from pg_stat_archiver;")).trim();
      if (/^[0-9A-F]{24}$/.test(last) && last >= segment) return (Date.now() - from) / 1000;
      if (Date.now() - from > archiveSeconds * 1000)
        throw new OperateError(`stale: what was written ${archiveSeconds} s ago is archived nowhere`);
      await sleep(pollSeconds * 1000);
    }
  }

  async function compareNewest(name: string, result: Record<string, unknown>, say: Say): Promise<void> {
    result["where"] = await where();
    const newest = (await completed()).at(-1);
    if (newest === undefined) throw new OperateError(`empty: there is no base backup in ${result["where"] as string}`);
    result["backup"] = newest.label;
    if (now().getTime() - Date.parse(newest.at) > staleAfter)
      throw new OperateError(`stale: the newest base backup, ${newest.label}, is older than 26 hours`);
    const told = await namedMoment();
    const lsn = /^log\|([0-9A-F]+\/[0-9A-F]+)$/m.exec(told)?.[1];
    if (lsn === undefined) throw new OperateError("the live server named no place in its log");
    const tables = parseSums(told.replace(/^log\|.*$/m, ""));
    say("archive: waiting for the log");
    result["recoveryPointSeconds"] = rounded(await archived(lsn));
    const from = Date.now();
    await restored(name, { targetLSN: lsn, exclusive: true }, say);
    result["recoverySeconds"] = rounded((Date.now() - from) / 1000);
    const there = parseSums(await psql(name, sums));
    if (tables.size > 0 && there.size === 0)
      throw new OperateError(`empty: none of ${tables.size} tables was restored`);
    const different = compared(tables, there).filter(({ same }) => !same);
    for (const table of different)
      say(`${table.name}: ${table.live ?? "none"} rows live, ${table.restored ?? "none"} restored`);
    if (different.length > 0)
      throw new OperateError(
        `the restored tables differ from the live ones: ${different.map(({ name: table }) => table).join(", ")}`,
      );
    result["tables"] = tables.size;
    result["rows"] = [...there.values()].reduce((rows, table) => rows + table.rows, 0);
  }

  async function keep(drill: Drill): Promise<void> {
    const { lastRestoredBackup } = await drills();
    const restoredAt = drill.ok ? drill.at : lastRestoredBackup;
    await kubectl(
      ["apply", "--filename", "-"],
      JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `${live}-drills`, namespace },
        data: { last: JSON.stringify(drill), ...(restoredAt && { restored: restoredAt }) },
      }),
    );
  }

  async function swapped(other: string): Promise<Pick<Restored, "before">> {
    if (other === database) throw new OperateError(`${other} is the live database`);
    const found = await psql(
      live,
      `select 1 from pg_database where datname = '${other.replaceAll("'", "''")}';`,
      "postgres",
    );
    if (found.trim() !== "1") throw new OperateError(`there is no database ${other}`);
    const before = `${database}_before_${stamp().replace("-", "_")}`;
    try {
      await psql(live, swap(database, other, before), "postgres");
    } catch (error) {
      // Until then nobody may come in, or the name is taken.
      await psql(live, `alter database "${database}" allow_connections true;`, "postgres").catch(() => undefined);
      throw error;
    }
    return { before };
  }

  return {
    backups,
    lastRestored: async () => (await drills()).lastRestoredBackup,

    async backup(say) {
      const name = `${live}-slipway-${stamp()}`;
      await create({
        ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Backup", metadata: { name, namespace } },
        spec: { cluster: { name: live }, method: "plugin", pluginConfiguration: { name: barman } },
      });
      say(`backup: ${name}`);
      for (let waited = 0; ; waited += pollSeconds) {
        const { status = {} } = await get<Backup>(`backups.postgresql.cnpg.io/${name}`);
        if (status.phase === "completed") return backups();
        if (status.phase === "failed" || status.phase === "invalid backup definition")
          throw new OperateError(`the backup failed: ${status.error ?? "no reason given"}`);
        if (waited * 1000 >= day) throw new OperateError(`the backup ${name} has not ended within a day`);
        await sleep(pollSeconds * 1000);
      }
    },

    async drill(say) {
      const at = now().toISOString();
      const name = `${live}-drill-${stamp()}`;
      const result: Record<string, unknown> = {};
      let error: string | undefined;
      try {
        await compareNewest(name, result, say);
      } catch (thrown) {
        error = thrown instanceof Error ? thrown.message : String(thrown);
      }
      await remove(name).catch(() =>
        say(`the Cluster ${name} is still there: kubectl -n ${namespace} delete cluster ${name}`),
      );
      const drill = {
        where: live,
        ...result,
        at,
        ok: error === undefined,
        ...(error !== undefined && { error }),
      } as Drill;
      await keep(drill);
      return drill;
    },

    async restore(at, look, say) {
      const time = new Date(at);
      if (Number.isNaN(time.getTime())) throw new OperateError(`${at} is no time: 2026-11-27T03:00:00Z`);
      if (time > now()) throw new OperateError(`${at} has not come yet`);
      const oldest = (await completed())[0];
      if (oldest === undefined || Date.parse(oldest.at) > time.getTime())
        throw new OperateError(
          `nothing from before ${at} can be restored${oldest ? `: the oldest base backup ended at ${oldest.at}` : ""}`,
        );
      const name = `${live}-restored-${stamp()}`;
      say("archive: waiting for the log");
      await archived((await psql(live, "select pg_create_restore_point('slipway-restore');")).trim());
      try {
        await restored(name, { targetTime: time.toISOString().replace("T", " ").replace("Z", "+00") }, say);
        const there = parseSums(await psql(name, sums));
        const tables = compared(parseSums(await psql(live, sums)), there);
        if (look) {
          const next = `in the live one's place: the same without --look. Away: kubectl -n ${namespace} delete cluster/${name} networkpolicy/${name}-servers`;
          return { copy: name, tables, next };
        }
        const copy = `${database}_restored_${time
          .toISOString()
          .replace(/[-:]|\.\d+Z/g, "")
          .replace("T", "_")}`;
        say(`copy: into ${copy}, on the live server`);
        await psql(
          live,
          `drop database if exists "${copy}";\ncreate database "${copy}" template template0 owner "${database}";`,
          "postgres",
        );
        await pipe(
          ["kubectl", ...inPod(await primaryOf(name), "pg_dump", "--format=custom", "--compress=0", database)],
          ["kubectl", ...inPod(await primaryOf(live), "pg_restore", "--exit-on-error", `--dbname=${copy}`)],
        );
        if (compared(parseSums(await psql(live, sums, copy)), there).some(({ same }) => !same)) {
          await psql(live, `drop database "${copy}";`, "postgres");
          throw new OperateError(
            "the copy differs from what was restored, and is gone; the live database is untouched",
          );
        }
        const result = { copy, tables, ...(await swapped(copy)) };
        await remove(name);
        return result;
      } catch (error) {
        await remove(name).catch(() => undefined);
        throw error;
      }
    },

    async swap(other) {
      return { tables: [], ...(await swapped(other)) };
    },
  };
}

const rounded = (seconds: number) => Math.round(seconds * 10) / 10;

interface Backup {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly cluster: { readonly name: string } };
  readonly status?: {
    readonly phase?: string;
    readonly stoppedAt?: string;
    readonly backupName?: string;
    readonly error?: string;
  };
}

interface ObjectStore {
  readonly spec: { readonly configuration: { readonly destinationPath: string } };
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly phase: string };
}
