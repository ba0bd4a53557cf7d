import { withLeaves } from "../../plan/leaves";
import { isUnknown, type Plan, type PlanResource, type PlanValue } from "../../plan/plan";
import { type Relaxation, relaxation } from "./relaxed";
import { safeguards } from "./safeguards";

type Weaker = (before: PlanValue | undefined, after: PlanValue | undefined) => boolean;

/** Safeguards against losing something, as resources have them; each row says what is lost with it. */
const properties: readonly (readonly [path: RegExp, weaker: Weaker, message: string, type?: RegExp])[] = [
  [
    /(^|\.)(enableD|d)eletionProtection(Enabled)?$/,
    turnedOff,
    "deletion protection is off: the next change can delete it",
  ],
  [/^(enableT|t)erminationProtection$/, turnedOff, "termination protection is off"],
  [/^disableApi(Termination|Stop)$/, turnedOff, "termination protection is off"],
  [/^skipFinalSnapshot$/, turnedOn, "no final snapshot is taken when it is deleted"],
  [/^(forceDestroy|forceDelete)$/, turnedOn, "it can be deleted with everything in it"],
  [/^deleteAutomatedBackups$/, turnedOn, "its backups go with it"],
  [
    /^(backupRetentionPeriod|automatedSnapshotRetentionPeriod|settings\.backupConfiguration\.backupRetentionSettings\.retainedBackups|backup\.backupRetentionDays)$/,
    shorter,
    "fewer days of backups: older restore points are deleted",
  ],
  [/^settings\.backupConfiguration\.enabled$/, turnedOff, "no backups"],
  [/^snapshotRetentionLimit$/, shorter, "fewer snapshots: older ones are deleted"],
  [/^rules\[[^\]]*\]\.lifecycle\.deleteAfter$/, shorter, "restore points are kept for a shorter time"],
  [
    /^rules\[[^\]]*\]\.copyActions\[[^\]]*\]\.lifecycle\.deleteAfter$/,
    shorter,
    "copies of backups are kept for a shorter time",
  ],
  [
    /^rules\[[^\]]*\]\.copyActions\[[^\]]*\]\.destinationVaultArn$/,
    (before, after) => before !== undefined && after === undefined,
    "backups are no longer copied there",
    /^aws:backup\/plan:/,
  ],
  [/^minRetentionDays$/, shorter, "restore points can be deleted earlier", /^aws:backup\/vaultLockConfiguration:/],
  [/^spec\.backup\.retentionPolicy$/, shorter, "backups are kept for a shorter time"],
  [/^spec\.suspend$/, turnedOn, "no more backups are taken", /:ScheduledBackup$/],
  [/^backupPolicy\.status$/, turnedOff, "no more backups are taken"],
  [/^recoveryWindowInDays$/, shorter, "a deleted secret can be restored for a shorter time"],
  [/^deletionWindowInDays$/, shorter, "a deleted key can be restored for a shorter time"],
  [/^isEnabled$/, turnedOff, "what is encrypted with the key cannot be read", /^aws:kms\//],
  [/^enableKeyRotation$/, turnedOff, "the key is no longer rotated"],
  [/^retentionInDays$/, (before, after) => after !== 0 && shorter(before, after), "logs are kept for a shorter time"],
  [/^pointInTimeRecovery\.enabled$/, turnedOff, "no point-in-time recovery"],
  [
    /^versioningConfiguration\.status$|^versionings?(\[0\])?\.enabled$/,
    turnedOff,
    "overwritten and deleted objects are gone",
  ],
  [/^(storageE|e)ncrypted$|^(atRest|transit)EncryptionEnabled$/, turnedOff, "data is no longer encrypted"],
  [
    /^rules\[[^\]]*\]\.(action(\[\d+\])?\.block|overrideAction(\[\d+\])?\.none)s?$|^defaultAction(\[\d+\])?\.block$/,
    (before, after) => before !== undefined && after === undefined,
    "requests that were refused pass",
    /^aws:wafv2\/(webAcl|ruleGroup):/,
  ],
  [
    /^userGroupIds$/,
    (before, after) =>
      Array.isArray(before) &&
      before.length > 0 &&
      (after === undefined || (Array.isArray(after) && after.length === 0)),
    "any client with the password may run every command on every key",
    /^aws:elasticache\/replicationGroup:/,
  ],
  [/^publiclyAccessible$/, turnedOn, "it is reachable from the internet"],
  [
    /^(blockPublicAcls|blockPublicPolicy|ignorePublicAcls|restrictPublicBuckets)$/,
    turnedOff,
    "public access is no longer blocked",
  ],
  [/^(enableLogging|enableLogFileValidation|isMultiRegionTrail)$/, turnedOff, "less is recorded", /^aws:cloudtrail\//],
  [/^enable$/, turnedOff, "threats are no longer detected", /^aws:guardduty\//],
  [
    /^(spec\.persistentVolumeReclaimPolicy|reclaimPolicy)$/,
    (before, after) => before === "Retain" && after !== "Retain" && !unknown(after),
    "a volume is deleted with its claim",
  ],
  [
    /^spec\.persistentVolumeClaimRetentionPolicy\.when(Deleted|Scaled)$/,
    (_, after) => after === "Delete",
    "its claims are deleted with it, and their volumes",
  ],
  [
    /^metadata\.labels\["pod-security\.kubernetes\.io\/enforce"\]$/,
    (before, after) => admits(after) > admits(before) && !unknown(after),
    "pods with more rights are admitted",
  ],
];

/** Of Pod Security Standards, the strictest first; without a label everything is admitted. */
function admits(level: PlanValue | undefined): number {
  const found = ["restricted", "baseline", "privileged"].findIndex((one) => one === level);
  return found === -1 ? 2 : found;
}

/** Pulumi's own options first, then the safeguards that the provider has, then those that are resources themselves. */
export function lostProtections(plan: Plan): Relaxation[] {
  const own = plan.resources.filter(({ custom }) => custom);
  return [...own.flatMap((resource) => [...ofOptions(resource), ...ofProperties(resource)]), ...safeguardsOf(own)];
}

function ofOptions({ urn, options, previousOptions, operation }: PlanResource): Relaxation[] {
  if (!previousOptions || operation === "delete") return [];
  return [
    ...(previousOptions.protect && !options.protect
      ? [relaxation("protection", urn, "is no longer protected: the next change can delete it")]
      : []),
    ...(previousOptions.retainOnDelete && !options.retainOnDelete
      ? [relaxation("protection", urn, "is no longer retained: deleting it from the program deletes it in the cloud")]
      : []),
  ];
}

function ofProperties({ urn, type, changes = [], operation }: PlanResource): Relaxation[] {
  if (operation !== "update" && operation !== "replace") return [];
  return withLeaves(changes).flatMap(({ path, before, after }) =>
    properties
      .filter(([name, weaker, , of]) => name.test(path) && (of?.test(type) ?? true) && weaker(before, after))
      .map(([, , message]) => relaxation("protection", urn, `${path}: ${message}`)),
  );
}

/** One that goes together with what it guards is no loss, nor is one that another of its kind takes the place of. */
function safeguardsOf(resources: readonly PlanResource[]): Relaxation[] {
  const gone = new Set(resources.filter(({ operation }) => operation === "delete").map(({ urn }) => urn));
  const count = (type: string, operation: string) =>
    resources.filter((one) => one.type === type && one.operation === operation).length;
  return resources.flatMap(({ urn, type, operation, dependencies, options }) => {
    const row = operation === "delete" ? safeguards.find(([pattern]) => pattern.test(type)) : undefined;
    if (!row || options.retainOnDelete || dependencies.some((one) => gone.has(one))) return [];
    if (count(type, "create") >= count(type, "delete")) return [];
    return [relaxation("protection", urn, `is deleted: ${row[1]}`)];
  });
}

function turnedOff(before: PlanValue | undefined, after: PlanValue | undefined): boolean {
  const on = (value: PlanValue | undefined) =>
    value === true || (typeof value === "string" && /^enabled$/i.test(value));
  return on(before) && !on(after) && !unknown(after);
}

function turnedOn(before: PlanValue | undefined, after: PlanValue | undefined): boolean {
  return before !== true && after === true;
}

function shorter(before: PlanValue | undefined, after: PlanValue | undefined): boolean {
  const [old, now] = [days(before), days(after)];
  return old !== undefined && (after === undefined ? old > 0 : now !== undefined && now < old);
}

/** `7`, `"30d"`, `"4w"`, `"6m"`, in days. */
function days(value: PlanValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  const found = typeof value === "string" ? /^(\d+)([dwm]?)$/.exec(value) : null;
  return found ? Number(found[1]) * { "": 1, d: 1, w: 7, m: 30 }[found[2] as "" | "d" | "w" | "m"] : undefined;
}

function unknown(value: PlanValue | undefined): boolean {
  return value !== undefined && isUnknown(value);
}
