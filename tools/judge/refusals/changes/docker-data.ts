import type { PlanValue } from "../../../plan/plan";
import type { PropertyRow } from "./row";

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
    remedy: "Dump, a new volume, restore: docs/docker.md#a-newer-major-version-of-postgresql.",
    link: "https://www.postgresql.org/docs/current/upgrading.html",
  },
];
