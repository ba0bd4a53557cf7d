import { KubernetesCloudNativePg, KubernetesNamespace } from "slipway/kubernetes";

// PostgreSQL by CloudNativePG in a namespace that denies what nobody allowed.
const network = new KubernetesNamespace("shop", { namespace: "shop" });

const database = new KubernetesCloudNativePg("database", {
  network,
  version: "17",
  storageGb: 20,
  standby: true,
  readReplicas: 0,
  backupRetentionDays: 7,
  protect: true,
  cpuMillis: 500,
  memoryMb: 1024,
});

export const url = database.url;
