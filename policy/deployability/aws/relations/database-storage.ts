import { refusal } from "../../refusal";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html";
const instance = ["aws:rds/instance:Instance"];

/** Of PostgreSQL: IOPS, and how many of them a GiB may have. */
const provisioned: Readonly<Record<string, { iops: readonly [number, number]; perGib: readonly [number, number] }>> = {
  gp3: { iops: [12_000, 64_000], perGib: [0, 500] },
  io1: { iops: [1000, 256_000], perGib: [0.5, 50] },
  io2: { iops: [1000, 256_000], perGib: [0.5, 1000] },
};

const iops = refusal({
  id: "rds-provisioned-iops",
  title: "IOPS are of a number and of a share of the storage that its type has",
  appliesTo: instance,
  source: `${guide}#USER_PIOPS`,
  why: "CreateDBInstance and ModifyDBInstance answer InvalidParameterCombination.",
  fix: "io1 and io2: 1,000 to 256,000, from half to 50 (io1) or 1,000 (io2) a GiB. gp3 from 400 GiB on: 12,000 to 64,000, 500 a GiB at most. None for gp2.",
  judge: ({ root }, { fail }) => {
    if (root.get("engine").isNot("postgres")) return;
    const type = root.get("storageType").string() ?? (root.get("iops").present ? "io1" : "gp2");
    const value = root.get("iops");
    const limits = provisioned[type];
    if (value.absent) {
      if (type.startsWith("io")) fail(root.get("storageType"), "needs iops");
      return;
    }
    if (limits === undefined) return fail(value, `does not go with storage of type ${type}`);
    const [number, gib] = [value.number() ?? 0, root.get("allocatedStorage").number()];
    const [least, most] = limits.iops;
    // Below 400 GiB gp3 takes none, which is a row of its own.
    if (type === "gp3" && (gib ?? 400) < 400) return;
    if (number < least || number > most) fail(value, `is not ${least} to ${most}`);
    else if (gib !== undefined && (number / gib < limits.perGib[0] || number / gib > limits.perGib[1]))
      fail(value, `is not ${limits.perGib[0]} to ${limits.perGib[1]} a GiB`);
  },
});

const throughput = refusal({
  id: "rds-storage-throughput",
  title: "Throughput is set for gp3, and at most a quarter of its IOPS",
  appliesTo: instance,
  source: `${guide}#gp3-storage`,
  why: "CreateDBInstance and ModifyDBInstance answer InvalidParameterCombination.",
  fix: "gp3 from 400 GiB on, 500 to 4,000 MiB/s, and no more than a quarter of iops.",
  judge: ({ root }, { fail }) => {
    const value = root.get("storageThroughput");
    if (value.absent || root.get("engine").isNot("postgres")) return;
    if (root.get("storageType").isNot("gp3")) return fail(value, "does not go with storage other than gp3");
    if ((root.get("allocatedStorage").number() ?? 400) < 400) return;
    const number = value.number() ?? 500;
    if (number < 500 || number > 4000) fail(value, "is not 500 to 4000 MiB/s");
    else if (number * 4 > (root.get("iops").number() ?? 12_000)) fail(value, "is more than a quarter of iops");
  },
});

export const databaseStorageRules = [iops, throughput];
