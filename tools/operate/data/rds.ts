import { setTimeout as sleep } from "node:timers/promises";
import type { EcsOperations } from "../../../stacks/operations";
import { OperateError, type Stack } from "../contract";
import { printed } from "../stack";
import { parsed, type Run } from "../watched";
import { auroraCluster, rdsInstance } from "./rds-kinds";
import type { Backups, DataDriver, Drill, Say } from "./contract";
import { documentation } from "../../../components/shared/documentation";

/** What a test replaces. */
export interface RdsDataOptions {
  readonly run?: Run;
  readonly pollSeconds?: number;
  readonly now?: () => Date;
}

const restoreSeconds = 6 * 3600;
/** RDS archives the log each 5 minutes: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html */
const staleAfter = 30 * 60_000;

/**
 * RDS by the `aws` command: its point-in-time restore always makes another instance, or another cluster. The database is in subnets that this
 * machine does not reach, so no rows are compared here.
 */
export function rdsData(
  { operations, name: stack }: Stack<EcsOperations>,
  { run = printed, pollSeconds = 20, now = () => new Date() }: RdsDataOptions = {},
): DataDriver {
  const { region, backups: known } = operations;
  if (known === undefined) throw new OperateError(`${stack} has no database of its own: its operator backs it up`);
  const aws = async <T>(...args: readonly string[]) =>
    parsed<T>(await run("aws", [...args, "--region", region, "--output", "json"]), `aws ${args.slice(0, 2).join(" ")}`);
  const database = "cluster" in known ? auroraCluster(known.cluster, aws) : rdsInstance(known.instance, aws);
  const { live, what } = database;
  const parameter = `/slipway/${stack}/${live}/drill`;
  const stamp = () =>
    now()
      .toISOString()
      .replace(/[-:]|\.\d+Z/g, "")
      .replace("T", "-");

  /** Automated and by hand, oldest first. */
  async function snapshots(): Promise<{ label: string; type: string; at: string }[]> {
    return (await database.snapshots())
      .filter(({ status, at }) => status === "available" && at !== undefined)
      .map(({ label, type, at }) => ({ label, type, at: at! }))
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  async function drills(): Promise<{ lastDrill?: Drill; lastRestoredBackup?: string }> {
    const text = await run("aws", [
      ...["ssm", "get-parameters", "--names", parameter, "--region", region, "--output", "json"],
    ]);
    const { Parameters } = parsed<{ Parameters: readonly { Value: string }[] }>(text, "aws ssm get-parameters");
    return Parameters[0] === undefined ? {} : (JSON.parse(Parameters[0].Value) as { lastDrill: Drill });
  }

  async function backups(): Promise<Backups> {
    const { restorableUntil: archivedAt } = await database.describe(live);
    return {
      repositories: [{ where: `RDS, ${region}`, backups: await snapshots() }],
      ...(archivedAt !== undefined && { archivedAt }),
      segmentsWaiting: 0,
      ...(await drills()),
    };
  }

  /** As the live one, without a second server: in the same subnets, for the same clients. */
  async function restored(identifier: string, until: readonly string[], say: Say): Promise<void> {
    await database.restore(identifier, until, await database.describe(live));
    await untilThere(identifier, say);
    if (database.serve === undefined) return;
    await database.serve(identifier);
    await untilThere(identifier, say);
  }

  async function untilThere(identifier: string, say: Say): Promise<void> {
    let last = "";
    for (let waited = 0; ; waited += pollSeconds) {
      const { status } = await database.describe(identifier);
      if (status === "available") return;
      if (status !== last) say(`restore: ${status}`);
      last = status;
      if (/^(failed|incompatible-.*|storage-full|inaccessible-.*)$/.test(status))
        throw new OperateError(`the backup could not be restored: ${identifier} is ${status}`);
      if (waited >= restoreSeconds)
        throw new OperateError(`not restored within ${restoreSeconds / 3600} hours: ${status}`);
      await sleep(pollSeconds * 1000);
    }
  }

  async function restoreNewest(identifier: string, result: Record<string, unknown>, say: Say): Promise<void> {
    result["where"] = `RDS, ${region}`;
    const newest = (await snapshots()).at(-1);
    if (newest === undefined) throw new OperateError(`empty: there is no snapshot of ${live}`);
    result["backup"] = newest.label;
    const { restorableUntil: until } = await database.describe(live);
    const age = until === undefined ? Infinity : now().getTime() - Date.parse(until);
    if (age > staleAfter)
      throw new OperateError(`stale: ${live} can be restored until ${until ?? "never"} and not beyond`);
    result["recoveryPointSeconds"] = Math.round(age / 1000);
    const from = Date.now();
    try {
      await restored(identifier, ["--use-latest-restorable-time"], say);
      result["recoverySeconds"] = Math.round((Date.now() - from) / 1000);
    } finally {
      await database.remove(identifier).catch(() => say(`${identifier} is still there, and costs money: delete it`));
    }
  }

  return {
    backups,
    lastRestored: async () => (await drills()).lastRestoredBackup,

    async backup(say) {
      const snapshot = `${live}-slipway-${stamp()}`;
      await database.takeSnapshot(snapshot);
      say(`backup: ${snapshot}`);
      for (;;) {
        const status = (await database.snapshot(snapshot))?.status ?? "creating";
        if (status === "available") return backups();
        if (status === "failed") throw new OperateError(`the backup failed: the snapshot ${snapshot} is ${status}`);
        await sleep(pollSeconds * 1000);
      }
    },

    async drill(say) {
      const at = now().toISOString();
      const result: Record<string, unknown> = {};
      let error: string | undefined;
      try {
        await restoreNewest(`${live}-drill-${stamp()}`, result, say);
      } catch (thrown) {
        error = thrown instanceof Error ? thrown.message : String(thrown);
      }
      const drill = { where: live, ...result, at, ok: error === undefined, ...(error && { error }) } as Drill;
      const { lastRestoredBackup } = await drills();
      const kept = drill.ok ? at : lastRestoredBackup;
      const value = JSON.stringify({ lastDrill: drill, ...(kept !== undefined && { lastRestoredBackup: kept }) });
      await aws(...["ssm", "put-parameter", "--name", parameter, "--type", "String", "--overwrite", "--value", value]);
      return drill;
    },

    async restore(at, look, say) {
      const time = new Date(at);
      if (Number.isNaN(time.getTime())) throw new OperateError(`${at} is no time: 2026-11-27T03:00:00Z`);
      if (!look)
        throw new OperateError(
          `RDS restores into another ${what}, and only beside the live one: add --look. What comes then: ${documentation("backups.md#aws")}`,
        );
      const { restorableUntil: until } = await database.describe(live);
      if (until === undefined || time.getTime() > Date.parse(until))
        throw new OperateError(`${live} can be restored until ${until ?? "never"}; ${at} is later`);
      const identifier = `${live}-restored-${stamp()}`;
      await restored(identifier, ["--restore-time", time.toISOString()], say);
      return { copy: identifier, tables: [], next: `what comes then: ${documentation("backups.md#aws")}` };
    },

    swap: () =>
      Promise.reject(
        new OperateError(`on AWS a restored ${what} is put in place by its name: ${documentation("backups.md#aws")}`),
      ),
  };
}
