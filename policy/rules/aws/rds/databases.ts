import type { Resource } from "../../../resource";

/** A replica takes encryption, backups and the password from its source, which is judged itself. */
export function isReplica(database: Resource): boolean {
  return database.get("replicateSourceDb").present || database.get("replicationSourceIdentifier").present;
}

export function isCluster(database: Resource): boolean {
  return database.type.endsWith(":Cluster");
}
