import { findRule } from "../../../policy/index";
import { type Cases, given, specify, unknown, urnOf } from "../spec";

const instance = "aws:rds/instance:Instance";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const subnet = "aws:ec2/subnet:Subnet";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const cacheParameterGroup = "aws:elasticache/parameterGroup:ParameterGroup";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);
const postgres = (properties: object) => given(instance, { engine: "postgres", ...properties });

const replica = (replicateSourceDb: unknown) => given(instance, { replicateSourceDb }, { name: "replica" });
const ofPrimary = replica(unknown(`${urnOf(instance, "primary")}#identifier`));
const named = (name: string, properties: Record<string, unknown>) => given(instance, properties, { name });
more("rds-replica-managed-password", {
  passes: {
    "a source of elsewhere": replica("elsewhere"),
    "another with a managed password": [
      ofPrimary,
      named("other", { manageMasterUserPassword: true }),
      named("primary", {}),
    ],
  },
});
more("rds-replica-backups", {
  passes: {
    "a source of elsewhere": replica("elsewhere"),
    "another without": [ofPrimary, named("other", {}), named("primary", { backupRetentionPeriod: 1 })],
  },
});

const sized = (allocatedStorage: number, storageType?: string) => given(instance, { storageType, allocatedStorage });
more("rds-storage-size", {
  passes: {
    "no size": given(instance, { storageType: "gp3" }),
    "20 GiB of gp2, which is RDS's own": sized(20),
    "65,536 GiB": sized(65_536, "gp3"),
    "a type that is not known here": sized(1, "io9"),
  },
  fails: {
    "19 GiB of gp2, which is RDS's own": [sized(19), "allocatedStorage"],
    "65,537 GiB": [sized(65_537, "gp3"), "allocatedStorage"],
    "3,073 GiB of magnetic disks": [sized(3073, "standard"), "allocatedStorage"],
  },
});
const small = { storageType: "gp3", allocatedStorage: 399 };
more("rds-gp3-performance", {
  passes: {
    "neither is set": postgres(small),
    "another engine": given(instance, { ...small, engine: "mysql", iops: 12_000 }),
    "another type": postgres({ ...small, storageType: "io1", iops: 3000 }),
    "a size that is not said": postgres({ storageType: "gp3", iops: 12_000 }),
  },
  fails: { "IOPS below 400 GiB": [postgres({ ...small, iops: 12_000 }), "iops"] },
});
more("rds-storage-growth", {
  passes: { "to the most that there is": given(instance, { allocatedStorage: 1000, maxAllocatedStorage: 65_536 }) },
  fails: {
    "to more than there is, from what RDS knows": [
      given(instance, { snapshotIdentifier: "a", maxAllocatedStorage: 65_537 }),
      "maxAllocatedStorage",
    ],
  },
});
more("rds-windows", {
  passes: {
    "a backup window alone": given(instance, { backupWindow: "03:00-03:30" }),
    "a maintenance window alone": given(instance, { maintenanceWindow: "sun:03:00-sun:03:30" }),
    "the first after the second": given(instance, {
      backupWindow: "03:30-04:00",
      maintenanceWindow: "Sun:03:00-Sun:03:30",
    }),
  },
});
more("rds-monitoring-role", {
  passes: { "an interval of 0": given(instance, { monitoringInterval: 0 }) },
  fails: {
    "an interval of 0 with a role": [
      given(instance, { monitoringInterval: 0, monitoringRoleArn: "arn" }),
      "monitoringRoleArn",
    ],
    "an interval of 1": [given(instance, { monitoringInterval: 1 }), "monitoringInterval"],
  },
});
more("rds-password-once", {
  passes: { "the stack's": given(instance, { password: "x", manageMasterUserPassword: false }) },
});
const family = given(parameterGroup, { family: "postgres16" }, { name: "parameters" });
const withGroup = (properties: object) =>
  given(instance, { parameterGroupName: unknown(`${urnOf(parameterGroup, "parameters")}#name`), ...properties });
more("rds-parameter-family", {
  passes: {
    "a group of elsewhere": postgres({ engineVersion: "17.4", parameterGroupName: "elsewhere" }),
    "a version that RDS chooses": [withGroup({ engine: "postgres" }), family],
    "another engine": [withGroup({ engine: "mysql", engineVersion: "8.4" }), family],
    "the second group": [
      withGroup({ engine: "postgres", engineVersion: "16.4" }),
      given(parameterGroup, { family: "postgres17" }, { name: "other" }),
      family,
    ],
  },
});
const zone = (name: string, availabilityZone: unknown, id?: string) =>
  given(subnet, { availabilityZone }, { name, ...(id !== undefined && { outputs: { id } }) });
const group = (...subnetIds: unknown[]) => given("aws:rds/subnetGroup:SubnetGroup", { subnetIds });
more("rds-two-zones", {
  passes: {
    "subnets that exist, in two zones": [
      group("subnet-1", "subnet-2"),
      zone("a", "x-1a", "subnet-1"),
      zone("b", "x-1b", "subnet-2"),
    ],
    "one of elsewhere": [group("subnet-1", "subnet-9"), zone("a", "x-1a", "subnet-1")],
  },
  fails: {
    "subnets that exist, in one zone": [
      [
        group("subnet-1", "subnet-2"),
        zone("c", "x-1b", "subnet-3"),
        zone("a", "x-1a", "subnet-1"),
        zone("b", "x-1a", "subnet-2"),
      ],
      "subnetIds",
    ],
  },
});
more("rds-instance-class", {
  passes: { "a class that the source gives": postgres({}) },
  fails: {
    "something behind it": [postgres({ instanceClass: "db.t4g.medium.x" }), "instanceClass"],
    "no size": [postgres({ instanceClass: "db.t4g" }), "instanceClass"],
  },
});

const stored = (more: object) => postgres({ allocatedStorage: 400, ...more });
more("rds-provisioned-iops", {
  passes: {
    "another engine": given(instance, { engine: "mysql", storageType: "gp2", iops: 3000 }),
    "RDS's own type": stored({}),
    "io1, which is RDS's own with IOPS": stored({ iops: 1000 }),
    "the first of gp3": stored({ storageType: "gp3", iops: 12_000 }),
    "the first of io1, half a GiB's": stored({ storageType: "io1", allocatedStorage: 2000, iops: 1000 }),
    "io2 with 1,000 a GiB": stored({ storageType: "io2", allocatedStorage: 100, iops: 100_000 }),
    "storage that is not said": postgres({ storageType: "io1", iops: 256_000 }),
  },
  fails: {
    "999 of io1, which is RDS's own with IOPS": [stored({ iops: 999 }), "iops"],
    "999 of io2": [stored({ storageType: "io2", iops: 999 }), "iops"],
    "io1 with 256,001": [postgres({ storageType: "io1", iops: 256_001 }), "iops"],
    "11,999 of gp3 with storage that is not said": [postgres({ storageType: "gp3", iops: 11_999 }), "iops"],
  },
});
more("rds-storage-throughput", {
  passes: {
    "another engine": given(instance, { engine: "mysql", storageType: "gp2", storageThroughput: 1 }),
    "500 with the IOPS that gp3 comes with": stored({ storageType: "gp3", storageThroughput: 500 }),
    "a quarter of the IOPS that gp3 comes with": stored({ storageType: "gp3", storageThroughput: 3000 }),
    "gp3 that is too small for any, which is another row": stored({
      storageType: "gp3",
      allocatedStorage: 399,
      storageThroughput: 1,
    }),
  },
  fails: {
    "io2 with as much as gp3 may have": [
      stored({ storageType: "io2", iops: 4000, storageThroughput: 500 }),
      "storageThroughput",
    ],
    "4,001": [stored({ storageType: "gp3", iops: 64_000, storageThroughput: 4001 }), "storageThroughput"],
    "499 with storage that is not said": [
      postgres({ storageType: "gp3", storageThroughput: 499 }),
      "storageThroughput",
    ],
    "more than a quarter of the IOPS that gp3 comes with": [
      stored({ storageType: "gp3", storageThroughput: 3001 }),
      "storageThroughput",
    ],
  },
});

more("elasticache-failover-nodes", {
  passes: {
    "shards that are counted": given(cache, { automaticFailoverEnabled: true, numNodeGroups: 2 }),
    "one node without": given(cache, { numCacheClusters: 1 }),
  },
  fails: {
    "a number that is not said": [given(cache, { automaticFailoverEnabled: true }), "automaticFailoverEnabled"],
  },
});
more("elasticache-token-tls", { passes: { "no password": given(cache, { transitEncryptionEnabled: false }) } });
const cacheFamily = (family: string, name = "p") => given(cacheParameterGroup, { family }, { name });
const withParameters = (properties: object) =>
  given(cache, { parameterGroupName: unknown(`${urnOf(cacheParameterGroup, "p")}#name`), ...properties });
more("elasticache-parameter-family", {
  passes: {
    "a group of elsewhere": given(cache, { engine: "valkey", engineVersion: "8.1", parameterGroupName: "elsewhere" }),
    "a version that ElastiCache chooses": [withParameters({ engine: "valkey" }), cacheFamily("redis7")],
    "Redis OSS, which is ElastiCache's own": [withParameters({ engineVersion: "7.1" }), cacheFamily("redis7")],
    "a version of two digits": [withParameters({ engine: "valkey", engineVersion: "10.0" }), cacheFamily("valkey10")],
  },
});
more("elasticache-node-type", { passes: { "a type that the global store gives": given(cache, {}) } });
