import type { PlanResource } from "../../plan/plan";
import { claimsOf, losses, type LossRow } from "./rows";

/** What is gone for good when the resource is deleted or replaced; undefined when nothing of value is. */
export function whatIsLost(resource: PlanResource): string | undefined {
  const row = rowOf(resource);
  return row && row.holds + (row.ends?.(resource.inputs) ?? "");
}

/** What is in it, however it ends: what stays with one that is kept. */
export function whatItHolds(resource: PlanResource): string | undefined {
  return rowOf(resource)?.holds;
}

/** What its deletion leaves behind in the target by itself, with nobody to manage it. */
export function whatOutlives({ type, inputs }: PlanResource): string | undefined {
  return type === "kubernetes:apps/v1:StatefulSet" && claimsOf(inputs) === "kept"
    ? "its PersistentVolumeClaims"
    : undefined;
}

/** Whether something reads it that would start on an empty one. */
export function isRead(resource: PlanResource): boolean {
  return rowOf(resource)?.unread !== true;
}

/** For sorting: the smaller, the graver. */
export function graveness(resource: PlanResource): number {
  const row = rowOf(resource);
  return row ? losses.indexOf(row) : losses.length;
}

function rowOf({ type, inputs }: PlanResource): LossRow | undefined {
  return losses.find((row) => row.type.test(type) && (row.when?.(inputs) ?? true));
}

/** Providers whose types are in the table where they hold data. */
const known =
  /^(aws|docker|docker-build|random|tls|pulumi|command|time|null|archive|vercel):|^kubernetes:([a-z]+\/v\d|[a-z.]+\.k8s\.io\/|postgresql\.cnpg\.io\/|velero\.io\/)/;

const dataNames =
  /(Database|Db|Cluster|Table|Bucket|Volume|Disk|FileSystem|Share|Store|Storage|Account|Vault|Snapshot|Backup|Domain|Broker|Stream|Topic|Queue|Repository|Registry|Index|Collection|Dataset|Keyspace|Namespace|Instance|Server|Machine|Warehouse|Cache|Redis|Kafka|Release|Chart|Pool|Tenant|Project|Secret)$/i;

/** Of a provider that is not known here and called what things with data are called, or what a package makes. */
export function mayHoldData(resource: PlanResource): boolean {
  if (resource.remote) return true;
  if (rowOf(resource) || known.test(resource.type)) return false;
  return dataNames.test(resource.type.split(":").pop()!);
}

/** Whether a new one is simply the next revision, so that replacing it is what a release does. */
export function isRevision({ type }: PlanResource): boolean {
  return revisions.test(type);
}

const revisions =
  /^(aws:ecs\/taskDefinition|aws:secretsmanager\/secretVersion|docker:index\/remoteImage|kubernetes:batch\/v1:Job|kubernetes:core\/v1:ConfigMap)\b/;
