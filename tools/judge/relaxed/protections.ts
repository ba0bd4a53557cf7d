import type { Plan, PlanResource, PlanValue, PropertyChange } from "../../plan/plan";
import { type Relaxation, relaxation } from "./relaxed";

/** Safeguards against losing something, as resources have them; each row says what is lost with it. */
const properties: readonly (readonly [
  RegExp,
  (before: PlanValue | undefined, after: PlanValue | undefined) => boolean,
  string,
])[] = [
  [
    /(^|\.)(enableD|d)eletionProtection(Enabled)?$/,
    turnedOff,
    "deletion protection is off: the next change can delete it",
  ],
  [/^(enableT|t)erminationProtection$/, turnedOff, "termination protection is off"],
  [/^disableApiTermination$/, turnedOff, "termination protection is off"],
  [/^skipFinalSnapshot$/, turnedOn, "no final snapshot is taken when it is deleted"],
  [/^(forceDestroy|forceDelete)$/, turnedOn, "it can be deleted with everything in it"],
  [/^deleteAutomatedBackups$/, turnedOn, "its backups go with it"],
  [/^backupRetentionPeriod$/, shorter, "fewer days of backups: older restore points are deleted"],
  [/^snapshotRetentionLimit$/, shorter, "fewer snapshots: older ones are deleted"],
  [/^spec\.backup\.retentionPolicy$/, shorter, "backups are kept for a shorter time"],
  [/^recoveryWindowInDays$/, shorter, "a deleted secret can be restored for a shorter time"],
  [/^deletionWindowInDays$/, shorter, "a deleted key can be restored for a shorter time"],
  [/^retentionInDays$/, (before, after) => after !== 0 && shorter(before, after), "logs are kept for a shorter time"],
  [/^pointInTimeRecovery\.enabled$/, turnedOff, "no point-in-time recovery"],
  [/^versioningConfiguration\.status$/, turnedOff, "overwritten and deleted objects are gone"],
  [/^storageEncrypted$/, turnedOff, "storage is no longer encrypted"],
  [/^publiclyAccessible$/, turnedOn, "it is reachable from the internet"],
];

/** Pulumi's own options first, then the safeguards that the provider has. */
export function lostProtections(plan: Plan): Relaxation[] {
  return plan.resources
    .filter(({ custom }) => custom)
    .flatMap((resource) => [...ofOptions(resource), ...ofProperties(resource)]);
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

function ofProperties({ urn, changes = [], operation }: PlanResource): Relaxation[] {
  if (operation !== "update" && operation !== "replace") return [];
  return changes.flatMap(({ path, before, after }: PropertyChange) =>
    properties
      .filter(([name, weaker]) => name.test(path) && weaker(before, after))
      .map(([, , message]) => relaxation("protection", urn, `${path}: ${message}`)),
  );
}

function turnedOff(before: PlanValue | undefined, after: PlanValue | undefined): boolean {
  return (before === true || before === "Enabled") && after !== before && !isUnknown(after);
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

function isUnknown(value: PlanValue | undefined): boolean {
  return typeof value === "object" && value !== null && "$unknown" in value;
}
