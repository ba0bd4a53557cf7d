import type { PlanResource, PlanValue } from "../../../plan/plan";
import { type PropertyRow, shown } from "./row";
import { documentation } from "../../../../components/shared/documentation";

/** Major version by the tag of an image that is called postgres: mirrors keep the name. */
const majorOf = (image: PlanValue | undefined): string | undefined =>
  typeof image === "string" ? /(?:^|\/)postgres:(\d+)/.exec(image)?.[1] : undefined;

/** What PostgreSQL on one Docker host makes of a change. */
export const dockerDataRows: readonly PropertyRow[] = [
  {
    id: "docker-postgres-major",
    type: /^docker:index\/remoteImage:RemoteImage$/,
    property: "name",
    when: ({ before, after }) => {
      const [old, now] = [majorOf(before), majorOf(after)];
      return old !== undefined && now !== undefined && old !== now;
    },
    severity: "refused",
    message: ({ before, after }) =>
      `PostgreSQL ${majorOf(after)} does not start on the data of PostgreSQL ${majorOf(before)}, and the server in use is stopped before that is seen.`,
    remedy: `Dump, a new volume, restore: ${documentation("docker.md#a-newer-major-version-of-postgresql")}.`,
    link: "https://www.postgresql.org/docs/current/upgrading.html",
  },
  {
    id: "docker-volume-exchanged",
    type: /^docker:index\/container:Container$/,
    property: "volumes",
    when: ({ path, before, resource }) =>
      path.endsWith(".volumeName") && typeof before === "string" && !mounts(resource).includes(before),
    severity: "data",
    message: ({ before }) =>
      `It is started without the volume ${shown(before)}: what it has written there stays there, and it starts on an empty place.`,
    remedy: "Keep the volume, or copy it first.",
    link: "https://docs.docker.com/engine/storage/volumes/",
  },
];

function mounts({ inputs }: PlanResource): (PlanValue | undefined)[] {
  const volumes = inputs["volumes"];
  return Array.isArray(volumes) ? volumes.map((one: Readonly<Record<string, PlanValue>>) => one["volumeName"]) : [];
}
