import { documentation } from "../../../../components/shared/documentation";
import { lessThanBefore, type PropertyRow, type ResourceRow, shown } from "./row";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide";
const cluster = /^aws:rds\/cluster:Cluster$/;
const server = /^aws:rds\/clusterInstance:ClusterInstance$/;
const capacity = `${guide}/aurora-serverless-v2.setting-capacity.html`;

/** What Aurora Serverless v2 makes of a change. Versions, backups and deletion protection are as with RDS. */
export const auroraRows: readonly PropertyRow[] = [
  {
    id: "aurora-max-lowered",
    type: cluster,
    property: "serverlessv2ScalingConfiguration.maxCapacity",
    when: lessThanBefore,
    severity: "harmless",
    message: ({ before, after }) =>
      `No server grows beyond ${shown(after)} ACUs any more, ${shown(before)} until now; one that is larger shrinks, without a restart. The limit of connections follows at the next restart.`,
    remedy: "Look at ServerlessDatabaseCapacity of the last weeks first.",
    link: capacity,
  },
  {
    id: "aurora-max-raised",
    type: cluster,
    property: "serverlessv2ScalingConfiguration.maxCapacity",
    when: (change) => !lessThanBefore(change),
    severity: "harmless",
    message: ({ after }) =>
      `Servers grow to ${shown(after)} ACUs, without a restart, and may cost as much. The limit of connections follows at the next restart.`,
    remedy: "Nothing to do.",
    link: capacity,
  },
  {
    id: "aurora-pauses",
    type: cluster,
    property: "serverlessv2ScalingConfiguration.minCapacity",
    when: ({ after }) => after === 0,
    severity: "outage",
    lasts: "seconds",
    message: () =>
      "It pauses while nothing is connected: the next connection waits for about 15 seconds, 30 after a day.",
    remedy: "Keep 0.5 ACU where somebody waits.",
    link: `${guide}/aurora-serverless-v2-auto-pause.html`,
  },
  {
    id: "aurora-password-mode",
    type: cluster,
    property: "manageMasterUserPassword",
    severity: "outage",
    message: () =>
      "The password changes hands: a client that has read the old one is refused until it reads the new one.",
    remedy: "Release the application in the same update; it opens connections with the new password.",
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
  },
  {
    id: "aurora-class-restart",
    type: server,
    property: "instanceClass",
    severity: "outage",
    message: () =>
      "The server restarts; when it is the writer, a reader takes over within a minute, and without one minutes pass.",
    remedy: "Leave it to the maintenance window, or apply it at a quiet hour.",
    link: `${guide}/Aurora.Modifying.html`,
  },
];

export const auroraResources: readonly ResourceRow[] = [
  {
    id: "aurora-deletion-protection",
    type: cluster,
    operation: ["delete", "replace"],
    when: ({ inputs, options, previousOptions }) =>
      (previousOptions ?? options).protect !== true && inputs["deletionProtection"] === true,
    severity: "refused",
    message: () => "DeleteDBCluster is refused while deletionProtection is on.",
    remedy: "Switch deletionProtection off in an update of its own, after a snapshot.",
    link: `${guide}/USER_DeleteCluster.html`,
  },
  {
    id: "aurora-replaced",
    type: cluster,
    operation: ["replace"],
    alsoRetained: true,
    severity: "data",
    message: () => "Another, empty cluster takes the place of this one.",
    remedy: `Restore a snapshot into the new one before visitors reach it: ${documentation("backups.md#aws")}.`,
    link: `${guide}/aurora-restore-snapshot.html`,
  },
  {
    id: "aurora-server-goes",
    type: server,
    operation: ["delete", "replace"],
    severity: "outage",
    message: () =>
      "Connections to this server break. When it is the writer a reader takes over within a minute; without a reader there is no database until a server has been made, about 10 minutes.",
    remedy: "Keep a reader (`standby`) while servers change.",
    link: `${guide}/Concepts.AuroraHighAvailability.html`,
  },
];
