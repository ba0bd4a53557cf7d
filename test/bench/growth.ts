// `node -r tools/typescript.cjs growth.ts COUNT`: so many applications with database and cache in one program.
import { KubernetesValkey } from "../../components/cache/kubernetes-valkey";
import { KubernetesCloudNativePg } from "../../components/database/kubernetes/cloudnative-pg";
import { KubernetesNamespace } from "../../components/network/kubernetes-namespace";
import { KubernetesSecrets } from "../../components/secrets/kubernetes-secrets";
import { settingsFrom } from "../../stacks/settings/load";
import { databaseArgs, secretSources } from "../../stacks/application";
import { recordProgram } from "../../tools/sources/in-process/in-process";

const count = Number(process.argv[2]);
const settings = settingsFrom("bench", {
  "slipway:target": "kubernetes",
  "slipway:preset": "staging",
  "slipway:domain": "shop.example.com",
  "slipway:image": "ghcr.io/acme/shop:1",
});

function application(name: string): void {
  const network = new KubernetesNamespace(`${name}-network`, { namespace: name, protect: false });
  new KubernetesSecrets(`${name}-secrets`, { network, secrets: secretSources(settings) });
  new KubernetesCloudNativePg(`${name}-database`, { ...databaseArgs(settings), network });
  new KubernetesValkey(`${name}-cache`, { memoryMb: 128, network });
}

void recordProgram({
  project: "bench",
  stack: "bench",
  program: () => {
    for (let index = 0; index < count; index++) application(`app${index}`);
  },
}).then((plan) => console.log(plan.resources.length));
