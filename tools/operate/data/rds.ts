import { setTimeout as sleep } from "node:timers/promises";
import type { EcsOperations } from "../../../stacks/operations";
import { OperateError, type Stack } from "../contract";
import { printed } from "../stack";
import { parsed, type Run } from "../watched";
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
 * RDS by the `aws` command: its point-in-time restore always makes another instance. The database is in subnets that this
 * machine does not reach, so no rows are compared here.
 */
export function rdsData(
  { operations, name: stack }: Stack<EcsOperations>,
  { run = printed, pollSeconds = 20, now = () => new Date() }: RdsDataOptions = {},
): DataDriver {
  const { region, backups: known } = operations;
  if (known === undefined) throw new OperateError(`${stack} has no database of its own: its operator backs it up`);
  const { instance } = known;
  const parameter = `/slipway/${stack}/${instance}/drill`;
  const aws = async <T>(...args: readonly string[]) =>
    parsed<T>(await run("aws", [...args, "--region", region, "--output", "json"]), `aws ${args.slice(0, 2).join(" ")}`);
  const stamp = () =>
    now()
      .toISOString()
      .replace(/[-:]|\.\d+Z/g, "")
      .replace("T", "-");

  const instanceNamed = async (identifier: string) => {
    const { DBInstances } = await aws<{ DBInstances: readonly Instance[] }>(
      ...["rds", "describe-db-instances", "--db-instance-identifier", identifier],
    );
    return DBInstances[0]!;
  };

  /** Automated and by hand, oldest first. */
  async function snapshots(): Promise<{ label: string; type: string; at: string }[]> {
    const { DBSnapshots } = await aws<{ DBSnapshots: readonly Snapshot[] }>(
      ...["rds", "describe-db-snapshots", "--db-instance-identifier", instance],
    );
    return DBSnapshots.filter(
      ({ Status, SnapshotCreateTime }) => Status === "available" && SnapshotCreateTime !== undefined,
    )
      .map(({ DBSnapshotIdentifier: label, SnapshotType: type, SnapshotCreateTime: at }) => ({ label, type, at: at! }))
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
    const { LatestRestorableTime: archivedAt } = await instanceNamed(instance);
    return {
      repositories: [{ where: `RDS, ${region}`, backups: await snapshots() }],
      ...(archivedAt !== undefined && { archivedAt }),
      segmentsWaiting: 0,
      ...(await drills()),
    };
  }

  /** As the live one, without a second server: in the same subnets, for the same clients. */
  async function restored(identifier: string, until: readonly string[], say: Say): Promise<void> {
    const live = await instanceNamed(instance);
    await aws(
      ...["rds", "restore-db-instance-to-point-in-time"],
      ...["--source-db-instance-identifier", instance, "--target-db-instance-identifier", identifier, ...until],
      ...["--db-instance-class", live.DBInstanceClass, "--db-subnet-group-name", live.DBSubnetGroup.DBSubnetGroupName],
      ...["--vpc-security-group-ids", ...live.VpcSecurityGroups.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)],
      ...["--db-parameter-group-name", live.DBParameterGroups[0]!.DBParameterGroupName],
      ...["--no-publicly-accessible", "--no-multi-az", "--no-deletion-protection", "--copy-tags-to-snapshot"],
    );
    let last = "";
    for (let waited = 0; ; waited += pollSeconds) {
      const { DBInstanceStatus: status } = await instanceNamed(identifier);
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

  const remove = (identifier: string) =>
    aws(
      ...["rds", "delete-db-instance", "--db-instance-identifier", identifier],
      ...["--skip-final-snapshot", "--delete-automated-backups"],
    );

  async function restoreNewest(identifier: string, result: Record<string, unknown>, say: Say): Promise<void> {
    result["where"] = `RDS, ${region}`;
    const newest = (await snapshots()).at(-1);
    if (newest === undefined) throw new OperateError(`empty: there is no snapshot of ${instance}`);
    result["backup"] = newest.label;
    const { LatestRestorableTime: until } = await instanceNamed(instance);
    const age = until === undefined ? Infinity : now().getTime() - Date.parse(until);
    if (age > staleAfter)
      throw new OperateError(`stale: ${instance} can be restored until ${until ?? "never"} and not beyond`);
    result["recoveryPointSeconds"] = Math.round(age / 1000);
    const from = Date.now();
    try {
      await restored(identifier, ["--use-latest-restorable-time"], say);
      result["recoverySeconds"] = Math.round((Date.now() - from) / 1000);
    } finally {
      await remove(identifier).catch(() => say(`${identifier} is still there, and costs money: delete it`));
    }
  }

  return {
    backups,
    lastRestored: async () => (await drills()).lastRestoredBackup,

    async backup(say) {
      const snapshot = `${instance}-slipway-${stamp()}`;
      await aws(
        ...["rds", "create-db-snapshot", "--db-instance-identifier", instance, "--db-snapshot-identifier", snapshot],
      );
      say(`backup: ${snapshot}`);
      for (;;) {
        const { DBSnapshots } = await aws<{ DBSnapshots: readonly Snapshot[] }>(
          ...["rds", "describe-db-snapshots", "--db-snapshot-identifier", snapshot],
        );
        const { Status: status } = DBSnapshots[0]!;
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
        await restoreNewest(`${instance}-drill-${stamp()}`, result, say);
      } catch (thrown) {
        error = thrown instanceof Error ? thrown.message : String(thrown);
      }
      const drill = { where: instance, ...result, at, ok: error === undefined, ...(error && { error }) } as Drill;
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
          `RDS restores into another instance, and only beside the live one: add --look. What comes then: ${documentation("backups.md#aws")}`,
        );
      const { LatestRestorableTime: until } = await instanceNamed(instance);
      if (until === undefined || time.getTime() > Date.parse(until))
        throw new OperateError(`${instance} can be restored until ${until ?? "never"}; ${at} is later`);
      const identifier = `${instance}-restored-${stamp()}`;
      await restored(identifier, ["--restore-time", time.toISOString()], say);
      return { copy: identifier, tables: [], next: `what comes then: ${documentation("backups.md#aws")}` };
    },

    swap: () =>
      Promise.reject(
        new OperateError(`on AWS a restored instance is put in place by its name: ${documentation("backups.md#aws")}`),
      ),
  };
}

interface Instance {
  readonly DBInstanceStatus: string;
  readonly DBInstanceClass: string;
  readonly LatestRestorableTime?: string;
  readonly DBSubnetGroup: { readonly DBSubnetGroupName: string };
  readonly VpcSecurityGroups: readonly { readonly VpcSecurityGroupId: string }[];
  readonly DBParameterGroups: readonly { readonly DBParameterGroupName: string }[];
}

interface Snapshot {
  readonly DBSnapshotIdentifier: string;
  readonly SnapshotType: string;
  readonly SnapshotCreateTime?: string;
  readonly Status: string;
}
