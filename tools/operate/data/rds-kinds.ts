/** What an instance of RDS and a cluster of Aurora call what they do with their backups. */
export interface RdsKind {
  /** Identifier of the live one. */
  readonly live: string;
  /** For a person: `instance`, `cluster`. */
  readonly what: string;
  describe(identifier: string): Promise<Live>;
  /** Those of the live one, automated and by hand. */
  snapshots(): Promise<readonly Snapshot[]>;
  snapshot(identifier: string): Promise<Snapshot | undefined>;
  takeSnapshot(identifier: string): Promise<void>;
  /** As the live one, in the same subnets, for the same clients; not waited for. */
  restore(identifier: string, until: readonly string[], live: Live): Promise<void>;
  /** Once the restored one is there: whatever it still needs to answer. Default: nothing. */
  serve?(identifier: string): Promise<void>;
  remove(identifier: string): Promise<void>;
}

export interface Live {
  readonly status: string;
  readonly restorableUntil?: string;
  /** Arguments by which another one is made like it. */
  readonly like: readonly string[];
}

export interface Snapshot {
  readonly label: string;
  readonly type: string;
  readonly at?: string;
  readonly status: string;
}

export type Aws = <T>(...args: readonly string[]) => Promise<T>;

export function rdsInstance(live: string, aws: Aws): RdsKind {
  const one = (identifier: string) => ["--db-instance-identifier", identifier];
  const snapshots = async (...which: readonly string[]) => {
    const { DBSnapshots } = await aws<{ DBSnapshots: readonly InstanceSnapshot[] }>(
      ...["rds", "describe-db-snapshots", ...which],
    );
    return DBSnapshots.map(({ DBSnapshotIdentifier: label, SnapshotType: type, SnapshotCreateTime: at, Status }) => ({
      ...{ label, type, status: Status },
      ...(at !== undefined && { at }),
    }));
  };
  return {
    live,
    what: "instance",
    async describe(identifier) {
      const { DBInstances } = await aws<{ DBInstances: readonly Instance[] }>(
        ...["rds", "describe-db-instances", ...one(identifier)],
      );
      const found = DBInstances[0]!;
      return {
        status: found.DBInstanceStatus,
        ...(found.LatestRestorableTime !== undefined && { restorableUntil: found.LatestRestorableTime }),
        like: [
          ...["--db-instance-class", found.DBInstanceClass],
          ...["--db-subnet-group-name", found.DBSubnetGroup.DBSubnetGroupName],
          ...["--vpc-security-group-ids", ...groupsOf(found)],
          ...["--db-parameter-group-name", found.DBParameterGroups[0]!.DBParameterGroupName],
        ],
      };
    },
    snapshots: () => snapshots(...one(live)),
    snapshot: async (identifier) => (await snapshots("--db-snapshot-identifier", identifier))[0],
    async takeSnapshot(identifier) {
      await aws(...["rds", "create-db-snapshot", ...one(live), "--db-snapshot-identifier", identifier]);
    },
    async restore(identifier, until, { like }) {
      await aws(
        ...["rds", "restore-db-instance-to-point-in-time"],
        ...["--source-db-instance-identifier", live, "--target-db-instance-identifier", identifier, ...until, ...like],
        ...["--no-publicly-accessible", "--no-multi-az", "--no-deletion-protection", "--copy-tags-to-snapshot"],
      );
    },
    async remove(identifier) {
      await aws(
        ...["rds", "delete-db-instance", ...one(identifier)],
        ...["--skip-final-snapshot", "--delete-automated-backups"],
      );
    },
  };
}

/** A restored cluster has no server until one is made: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html */
export function auroraCluster(live: string, aws: Aws): RdsKind {
  const one = (identifier: string) => ["--db-cluster-identifier", identifier];
  const server = (identifier: string) => `${identifier}-1`;
  const instanceStatus = async (identifier: string) => {
    const { DBInstances } = await aws<{ DBInstances: readonly { readonly DBInstanceStatus: string }[] }>(
      ...["rds", "describe-db-instances", "--filters", `Name=db-cluster-id,Values=${identifier}`],
    );
    return DBInstances[0]?.DBInstanceStatus;
  };
  const snapshots = async (...which: readonly string[]) => {
    const { DBClusterSnapshots } = await aws<{ DBClusterSnapshots: readonly ClusterSnapshot[] }>(
      ...["rds", "describe-db-cluster-snapshots", ...which],
    );
    return DBClusterSnapshots.map(
      ({ DBClusterSnapshotIdentifier: label, SnapshotType: type, SnapshotCreateTime: at, Status }) => ({
        ...{ label, type, status: Status },
        ...(at !== undefined && { at }),
      }),
    );
  };
  return {
    live,
    what: "cluster",
    async describe(identifier) {
      const { DBClusters } = await aws<{ DBClusters: readonly Cluster[] }>(
        ...["rds", "describe-db-clusters", ...one(identifier)],
      );
      const found = DBClusters[0]!;
      const { MinCapacity, MaxCapacity } = found.ServerlessV2ScalingConfiguration ?? {};
      return {
        // Whole once its server is.
        status: found.Status === "available" ? ((await instanceStatus(identifier)) ?? "available") : found.Status,
        ...(found.LatestRestorableTime !== undefined && { restorableUntil: found.LatestRestorableTime }),
        like: [
          ...["--db-subnet-group-name", found.DBSubnetGroup],
          ...["--vpc-security-group-ids", ...groupsOf(found)],
          ...["--db-cluster-parameter-group-name", found.DBClusterParameterGroup],
          ...(MaxCapacity === undefined
            ? []
            : ["--serverless-v2-scaling-configuration", `MinCapacity=${MinCapacity},MaxCapacity=${MaxCapacity}`]),
        ],
      };
    },
    snapshots: () => snapshots(...one(live)),
    snapshot: async (identifier) => (await snapshots("--db-cluster-snapshot-identifier", identifier))[0],
    async takeSnapshot(identifier) {
      await aws(...["rds", "create-db-cluster-snapshot", ...one(live), "--db-cluster-snapshot-identifier", identifier]);
    },
    async restore(identifier, until, { like }) {
      const latest = until.map((argument) => (argument === "--restore-time" ? "--restore-to-time" : argument));
      await aws(
        ...["rds", "restore-db-cluster-to-point-in-time"],
        ...["--source-db-cluster-identifier", live, ...one(identifier), ...latest, ...like],
        ...["--no-deletion-protection", "--copy-tags-to-snapshot"],
      );
    },
    async serve(identifier) {
      await aws(
        ...["rds", "create-db-instance", "--db-instance-identifier", server(identifier), ...one(identifier)],
        ...["--engine", "aurora-postgresql", "--db-instance-class", "db.serverless", "--no-publicly-accessible"],
      );
    },
    async remove(identifier) {
      // The cluster goes with its last server, and not before; without one it goes alone.
      await aws(
        "rds",
        "delete-db-instance",
        "--db-instance-identifier",
        server(identifier),
        "--skip-final-snapshot",
      ).catch(() => undefined);
      await aws(
        ...["rds", "delete-db-cluster", ...one(identifier)],
        ...["--skip-final-snapshot", "--delete-automated-backups"],
      );
    },
  };
}

const groupsOf = ({ VpcSecurityGroups }: Pick<Instance, "VpcSecurityGroups">) =>
  VpcSecurityGroups.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId);

interface Instance {
  readonly DBInstanceStatus: string;
  readonly DBInstanceClass: string;
  readonly LatestRestorableTime?: string;
  readonly DBSubnetGroup: { readonly DBSubnetGroupName: string };
  readonly VpcSecurityGroups: readonly { readonly VpcSecurityGroupId: string }[];
  readonly DBParameterGroups: readonly { readonly DBParameterGroupName: string }[];
}

interface Cluster extends Pick<Instance, "LatestRestorableTime" | "VpcSecurityGroups"> {
  readonly Status: string;
  readonly DBSubnetGroup: string;
  readonly DBClusterParameterGroup: string;
  readonly ServerlessV2ScalingConfiguration?: { readonly MinCapacity: number; readonly MaxCapacity: number };
}

interface InstanceSnapshot {
  readonly DBSnapshotIdentifier: string;
  readonly SnapshotType: string;
  readonly SnapshotCreateTime?: string;
  readonly Status: string;
}

interface ClusterSnapshot extends Omit<InstanceSnapshot, "DBSnapshotIdentifier"> {
  readonly DBClusterSnapshotIdentifier: string;
}
