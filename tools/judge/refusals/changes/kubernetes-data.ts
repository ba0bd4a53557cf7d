import type { PlanValue } from "../../../plan/plan";
import type { Change, PropertyRow } from "./row";
import { shown } from "./row";

const cluster = /^kubernetes:postgresql\.cnpg\.io\/v1:Cluster$/;
const guide = "https://cloudnative-pg.io/documentation/current";

/** Major version by an image's tag, which CloudNativePG reads as well. */
const majorOf = (image: PlanValue | undefined): number | undefined => {
  const found = typeof image === "string" ? /:(\d+)/.exec(image)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
};
const upgrade = ({ before, after }: Change) => (majorOf(after) ?? 0) - (majorOf(before) ?? majorOf(after) ?? 0);

const gibibytes = (size: PlanValue | undefined): number | undefined => {
  const found = typeof size === "string" ? /^(\d+)Gi$/.exec(size)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
};
const shrinks = ({ before, after }: Change) => (gibibytes(after) ?? 0) < (gibibytes(before) ?? 0);

/** What CloudNativePG makes of a change. */
export const clusterDataRows: readonly PropertyRow[] = [
  {
    id: "cnpg-major-upgrade",
    type: cluster,
    property: "spec.imageName",
    when: (change) => upgrade(change) > 0,
    severity: "outage",
    message: ({ before, after }) =>
      `All servers stop while the data is upgraded from PostgreSQL ${majorOf(before)} to ${majorOf(after)}, and there is no way back but a backup.`,
    remedy: "Rehearse it on a restored copy and take a base backup first: docs/kubernetes.md#restore.",
    link: `${guide}/postgres_upgrades/`,
  },
  {
    id: "cnpg-major-downgrade",
    type: cluster,
    property: "spec.imageName",
    when: (change) => upgrade(change) < 0,
    severity: "refused",
    message: ({ before, after }) =>
      `CloudNativePG does not go back from PostgreSQL ${majorOf(before)} to ${majorOf(after)}.`,
    remedy: "Restore a backup that was taken before the upgrade into a new Cluster.",
    link: `${guide}/postgres_upgrades/`,
  },
  {
    id: "cnpg-storage-shrinks",
    type: cluster,
    property: "spec.storage.size",
    when: shrinks,
    severity: "refused",
    message: ({ before, after }) => `A volume cannot shrink from ${shown(before)} to ${shown(after)}.`,
    remedy: "Keep the size; for less, restore into a new Cluster.",
    link: `${guide}/storage/`,
  },
];
