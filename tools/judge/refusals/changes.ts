import { withLeaves } from "../../plan/leaves";
import type { Plan, PlanResource } from "../../plan/plan";
import { auroraResources, auroraRows } from "./changes/aws-aurora";
import { cacheUserRows } from "./changes/aws-cache-users";
import { dataResources, dataRows } from "./changes/aws-data";
import { storageResources, storageRows } from "./changes/aws-storage";
import { moveResources, moveRows } from "./changes/aws-moves";
import { siteResources, siteRows } from "./changes/aws-site";
import { dockerDataRows } from "./changes/docker-data";
import { kubernetesDataRows, kubernetesResources } from "./changes/kubernetes-data";
import { concerns, type PropertyRow, type ResourceRow } from "./changes/row";
import { bySeverity, type Finding } from "./finding";

/** Every documented consequence of a change to one property. */
export const propertyRows: readonly PropertyRow[] = [
  ...dataRows,
  ...auroraRows,
  ...cacheUserRows,
  ...storageRows,
  ...siteRows,
  ...moveRows,
  ...kubernetesDataRows,
  ...dockerDataRows,
];
/** Every documented consequence of a resource that goes or comes. */
export const resourceRows: readonly ResourceRow[] = [
  ...dataResources,
  ...auroraResources,
  ...storageResources,
  ...siteResources,
  ...moveResources,
  ...kubernetesResources,
];

/** What a change would do: refused, data lost, outage, harmless. For a plan that is a difference, or the engine's. */
export function consequencesOf(plan: Plan): Finding[] {
  return plan.resources
    .flatMap((resource) => [...ofProperties(resource, plan), ...ofResource(resource, plan)])
    .sort(bySeverity);
}

function ofProperties(resource: PlanResource, plan: Plan): Finding[] {
  const rows = propertyRows.filter(({ type }) => type.test(resource.type));
  const found = withLeaves(resource.changes ?? []).flatMap((change) =>
    rows
      .filter((row) => concerns(row, change))
      .map((row) => ({ row, change: { ...change, before: change.before, after: change.after, resource, plan } }))
      .filter(({ row, change: both }) => row.when?.(both) ?? true)
      .map(({ row, change: both }) => finding(row, plan, resource, row.message(both))),
  );
  // One list of many members changes in many places; it is one thing that happens.
  return [...new Map(found.map((one) => [`${one.id} ${one.message}`, one])).values()];
}

function ofResource(resource: PlanResource, plan: Plan): Finding[] {
  const { operation } = resource;
  if (operation !== "delete" && operation !== "replace" && operation !== "create") return [];
  // What is left alone by the engine when it leaves the program is not deleted.
  const stays = resource.options.retainOnDelete === true;
  return resourceRows
    .filter(
      (row) =>
        row.type.test(resource.type) &&
        row.operation.includes(operation) &&
        (!stays || row.alsoRetained === true) &&
        (row.when?.(resource, plan) ?? true),
    )
    .map((row) => finding(row, plan, resource, row.message(resource)));
}

function finding(
  { id, severity, lasts, remedy, link }: PropertyRow | ResourceRow,
  { stack }: Plan,
  { urn }: PlanResource,
  message: string,
): Finding {
  return {
    id,
    stack,
    urn,
    severity,
    ...(severity === "outage" && { lasts: lasts ?? "minutes" }),
    message,
    remedy,
    link,
  };
}
