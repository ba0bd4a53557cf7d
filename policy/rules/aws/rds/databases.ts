import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";

/** A replica takes encryption, backups and the password from its source, which is judged itself. */
export function isReplica(database: Resource): boolean {
  return database.get("replicateSourceDb").present || database.get("replicationSourceIdentifier").present;
}

export function isCluster(database: Resource): boolean {
  return database.type.endsWith(":Cluster");
}

/** Whether another instance of the stack replicates this one. */
export function hasReplicas(stack: Stack, database: Resource): boolean {
  return stack
    .ofType("aws:rds/instance:Instance")
    .some((one) => one !== database && stack.names(one, "replicateSourceDb", database));
}
