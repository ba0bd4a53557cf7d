import { KubernetesJob, KubernetesNamespace, KubernetesWorker } from "slipway/kubernetes";

// What runs without an ingress: one process all the time, one at night.
const network = new KubernetesNamespace("shop", { namespace: "shop" });
const image = "ghcr.io/acme/shop:1.4.2";

new KubernetesWorker("mail", { network, process: { image, command: ["node", "mail.js"] } });
new KubernetesJob("cleanup", { network, process: { image, command: ["node", "cleanup.js"] }, cron: "15 3 * * *" });
