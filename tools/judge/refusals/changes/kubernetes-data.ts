import type { PlanValue } from "../../../plan/plan";
import type { Change, PropertyRow, ResourceRow } from "./row";
import { shown } from "./row";
import { documentation } from "../../../../components/shared/documentation";

const cluster = /^kubernetes:postgresql\.cnpg\.io\/v1:Cluster$/;
const expanding = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims";
const guide = "https://cloudnative-pg.io/documentation/current";

/** Major version by an image's tag, which CloudNativePG reads as well. */
const majorOf = (image: PlanValue | undefined): number | undefined => {
  const found = typeof image === "string" ? /:(\d+)/.exec(image)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
};
/** Neither above nor below zero where one side is not known. */
const upgrade = ({ before, after }: Change) => (majorOf(after) ?? NaN) - (majorOf(before) ?? NaN);

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Of a quantity as Kubernetes has it: `20Gi`, `500M`, `1.5Ti`. */
const bytes = (size: PlanValue | undefined): number | undefined => {
  const found = /^(\d+(?:\.\d+)?)([kMGTP]i?|Ki)?$/.exec(
    typeof size === "number" ? String(size) : typeof size === "string" ? size : "",
  );
  return found ? Number(found[1]) * units[found[2] ?? ""]! : undefined;
};
const shrinks = ({ before, after }: Change) => (bytes(after) ?? Infinity) < (bytes(before) ?? 0);

/** What Kubernetes and CloudNativePG make of a change. */
export const kubernetesDataRows: readonly PropertyRow[] = [
  {
    id: "cnpg-major-upgrade",
    type: cluster,
    property: "spec.imageName",
    when: (change) => upgrade(change) > 0,
    severity: "outage",
    message: ({ before, after }) =>
      `All servers stop while the data is upgraded from PostgreSQL ${majorOf(before)} to ${majorOf(after)}, and there is no way back but a backup.`,
    remedy: `Rehearse it on a restored copy and take a base backup first: ${documentation("kubernetes.md#restore")}.`,
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
  {
    id: "claim-shrinks",
    type: /^kubernetes:core\/v1:PersistentVolumeClaim(Patch)?$/,
    property: "spec.resources.requests.storage",
    when: shrinks,
    severity: "refused",
    message: ({ before, after }) => `A claim cannot shrink from ${shown(before)} to ${shown(after)}.`,
    remedy: "Keep the size; for less, copy the data to a new claim.",
    link: expanding,
  },
  {
    id: "claim-grows",
    type: /^kubernetes:core\/v1:PersistentVolumeClaim(Patch)?$/,
    property: "spec.resources.requests.storage",
    when: (change) => !shrinks(change) && change.before !== undefined,
    severity: "harmless",
    message: () => "The volume grows, if its StorageClass has `allowVolumeExpansion`; without, it is refused.",
    remedy: "Look at `kubectl get storageclass` first.",
    link: expanding,
  },
  {
    id: "statefulset-claims",
    type: /^kubernetes:apps\/v1:StatefulSet$/,
    property: "spec.volumeClaimTemplates",
    severity: "outage",
    message: () =>
      "The claims of a StatefulSet cannot be edited: it is deleted and made anew, its pods stop, and claims that exist stay as they are.",
    remedy:
      "Resize each PersistentVolumeClaim itself, and exchange the StatefulSet with `kubectl delete --cascade=orphan`.",
    link: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",
  },
];

/** What goes, or is exchanged. */
export const kubernetesResources: readonly ResourceRow[] = [
  {
    id: "statefulset-exchanged",
    type: /^kubernetes:apps\/v1:StatefulSet$/,
    operation: ["replace"],
    when: ({ changes = [] }) => !changes.some(({ path }) => path.startsWith("spec.volumeClaimTemplates")),
    severity: "outage",
    message: () => "It is deleted and made anew: its pods stop meanwhile.",
    remedy: "Apply it at a quiet hour.",
    link: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/",
  },
];
