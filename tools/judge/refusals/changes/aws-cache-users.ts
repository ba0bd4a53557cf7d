import type { PlanValue } from "../../../plan/plan";
import { documentation } from "../../../../components/shared/documentation";
import type { PropertyRow } from "./row";

const cache = /^aws:elasticache\/replicationGroup:ReplicationGroup$/;
const user = /^aws:elasticache\/user:User$/;
const guide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";

const someone = (groups: PlanValue | undefined) =>
  groups !== undefined && !(Array.isArray(groups) && groups.length === 0);

/** Who may use a cache, before and after. */
export const cacheUserRows: readonly PropertyRow[] = [
  {
    id: "elasticache-auth-to-rbac",
    type: cache,
    property: "userGroupIds",
    when: ({ before, after, path }) => path === "userGroupIds" && !someone(before) && someone(after),
    severity: "outage",
    message: () =>
      "The password alone opens the cache no longer: replicas of the previous release that connect anew serve without it until they are replaced. The cache itself stays, and keeps what is in it.",
    remedy: `Release in the same update, at a quiet hour: ${documentation("aws.md#who-may-use-the-cache")}.`,
    link: `${guide}/Clusters.RBAC.html#Migrate-From-RBAC-to-Auth`,
  },
  {
    id: "elasticache-rbac-to-auth",
    type: cache,
    property: "userGroupIds",
    when: ({ before, after, path }) => path === "userGroupIds" && someone(before) && !someone(after),
    severity: "outage",
    message: () =>
      "The users go first and the password comes second: for minutes a client that reaches the port needs neither, and with ROTATE ElastiCache accepts connections without a password until SET ends that.",
    remedy:
      "Keep the users; otherwise run `aws elasticache modify-replication-group --auth-token-update-strategy SET` with the same token right after the update.",
    link: `${guide}/auth.html#auth-modifyng-token`,
  },
  {
    id: "elasticache-user-password",
    type: user,
    property: "authenticationMode",
    when: ({ path }) => path.includes("passwords"),
    severity: "outage",
    message: () =>
      "The previous password is no longer accepted: replicas of the previous release that connect anew serve without the cache until they are replaced.",
    remedy: "Release in the same update; a user may have two passwords for the time between.",
    link: `${guide}/Clusters.RBAC.html`,
  },
  {
    id: "elasticache-user-rights",
    type: user,
    property: "accessString",
    severity: "harmless",
    message: () => "The new rights hold at once, for replicas of the previous release too.",
    remedy: "Take rights away once nothing of the previous release needs them.",
    link: `${guide}/Clusters.RBAC.html#Access-string`,
  },
];
