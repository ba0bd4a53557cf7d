import type { PlanResource } from "../../../plan/plan";
import { amount, type Context, hours, text, type Estimator } from "../estimator";

const clusterType = "aws:rds/cluster:Cluster";

/** Storage and I/O of a cluster, whatever serves it. Backups up to the size of the storage are free. */
export const auroraCluster: Estimator = ({ inputs }, { assume }) => {
  const engine = text(inputs["engine"]);
  if (!engine.startsWith("aurora")) return { unpriced: `only Aurora is in the price table, not clusters of ${engine}` };
  if (text(inputs["storageType"]) === "aurora-iopt1") return { unpriced: "I/O-Optimized is not in the price table" };
  return [
    { what: "storage", quantity: assume("database.gb"), price: "aurora.gb", assumes: ["database.gb"] },
    { what: "I/O", quantity: assume("database.ioMillions"), price: "aurora.io", assumes: ["database.ioMillions"] },
    // RDS keeps and rotates the password it manages in a secret of its own.
    ...(inputs["manageMasterUserPassword"] === true
      ? [{ what: "password", quantity: 1, price: "secret.month" as const }]
      : []),
  ];
};

/** A server of Serverless v2, by the capacity that it has on average. */
export const auroraServer: Estimator = (server, context) => {
  const instanceClass = text(server.inputs["instanceClass"]);
  if (instanceClass !== "db.serverless")
    return { unpriced: `${instanceClass || "its class"} of Aurora is not in the price table` };
  const least = leastAcu(server, context);
  if (least === undefined) return { unpriced: "the capacity of its cluster is not known before deployment" };
  const average = context.assume("database.acus");
  const acus = average === 0 ? least : average;
  return [{ what: `${acus} ACUs`, quantity: acus * hours, price: "aurora.acu", assumes: ["database.acus"] }];
};

function leastAcu({ inputs }: PlanResource, { source }: Context): number | undefined {
  const cluster = source(inputs["clusterIdentifier"], clusterType);
  const scaling = cluster?.inputs["serverlessv2ScalingConfiguration"] as Record<string, number> | undefined;
  const least = amount(scaling?.["minCapacity"], Number.NaN);
  return Number.isNaN(least) ? undefined : least;
}
