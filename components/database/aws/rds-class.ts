/** GiB of memory of the `large` size, by family. Larger sizes double it. */
const largeMemoryGb: Readonly<Record<string, number>> = { c: 4, m: 8, r: 16, t: 8, x: 32 };
const smallMemoryGb: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };

/**
 * Memory of an RDS instance class: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 *
 * @example memoryGb("db.t4g.medium") // 4
 */
export function memoryGb(instanceClass: string): number {
  const memory = knownMemoryGb(instanceClass);
  if (memory === undefined) throw new Error(`instanceClass ${instanceClass}: ${expectedClass}`);
  return memory;
}

/** What to write where a class is not known. */
export const expectedClass = "expected a class of the families t, m, r, c or x, such as db.m7g.large";

/** As {@link memoryGb}; undefined for what is no class. */
export function knownMemoryGb(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = instanceClass.split(".");
  const small = smallMemoryGb[size];
  if (small !== undefined) return small;
  const large = largeMemoryGb[family.charAt(0)];
  const times = size === "large" ? 1 : size === "xlarge" ? 2 : 2 * Number(/^(\d+)xlarge$/.exec(size)?.[1]);
  return large === undefined || Number.isNaN(times) ? undefined : large * times;
}

/**
 * RDS's own limit of connections, `LEAST({DBInstanceClassMemory/9531392},5000)`. The server sees about a tenth less memory
 * than the class has: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function maxConnections(instanceClass: string): number {
  return Math.min(5000, Math.floor((0.9 * memoryGb(instanceClass) * 1024 ** 3) / 9531392));
}

/**
 * When RDS backs up and maintains, in UTC. The two windows must not overlap.
 *
 * @param cron `minute hour * * *`
 * @example windows("15 3 * * *") // { backup: "03:15-03:45", maintenance: "sun:04:15-sun:05:15" }
 */
export function windows(cron: string): { readonly backup: string; readonly maintenance: string } {
  const match = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron.trim());
  if (match === null)
    throw new Error(`backupCron "${cron}": expected minute and hour of every day, such as 15 3 * * *`);
  const start = Number(match[2]) * 60 + Number(match[1]);
  // A window that begins before midnight ends on the next day.
  const weekly = (minutes: number): string => `${minutes < 24 * 60 ? "sun" : "mon"}:${clock(minutes)}`;
  return {
    backup: `${clock(start)}-${clock(start + 30)}`,
    maintenance: `${weekly(start + 60)}-${weekly(start + 120)}`,
  };
}

function clock(minutes: number): string {
  const ofDay = minutes % (24 * 60);
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}

/** GiB that an instance has at most. */
const mostGb = 65_536;

/**
 * GiB to which storage may grow at least: RDS grows it by a tenth or more.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
export function leastGrownGb(storageGb: number): number {
  return Math.ceil((storageGb * 11) / 10);
}

/** GiB to which storage grows where nobody says it: four times, or not at all (0) where there is no room for a tenth. */
export function grownGb(storageGb: number): number {
  const most = Math.min(4 * storageGb, mostGb);
  return most < leastGrownGb(storageGb) ? 0 : most;
}
