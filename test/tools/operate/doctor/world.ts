import { resolveSettings } from "../../../../stacks/settings/load";
import type { KubernetesSettings } from "../../../../stacks/settings/settings";
import { Cluster } from "../../../../tools/operate/doctor/kubernetes/cluster";
import { kubernetesRows } from "../../../../tools/operate/doctor/kubernetes/doctor";
import type { Facts } from "../../../../tools/operate/doctor/kubernetes/facts";

/** Objects by the path of the API that lists or holds them. */
export type World = Readonly<Record<string, unknown>>;

const base = {
  target: "kubernetes",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
} as const;

export function facts(world: World, file: object = {}): Facts {
  const settings = resolveSettings("staging", { ...base, ...file }, {}) as KubernetesSettings;
  const run = (_: string, args: readonly string[]): Promise<string> => {
    const path = args.at(-1)!;
    const answer = world[path];
    if (answer === undefined) return Promise.reject(new Error("Error from server (NotFound): not found"));
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(JSON.stringify(answer));
  };
  return {
    ...{ stack: "staging", settings, probe: false },
    cluster: new Cluster([], run),
    kinds: () => Promise.resolve(["apps/v1 Deployment", "v1 Namespace"]),
  };
}

export function rowOf(id: string) {
  return kubernetesRows.find((row) => row.id === id)!;
}

export const items = (...objects: readonly object[]) => ({ items: objects });

export const resources = (...kinds: readonly string[]) => ({
  resources: kinds.map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
});

export const controller = (namespace: string, image: string, readyReplicas = 1, more: object = {}) => ({
  metadata: { name: image.replace(/.*\//, "").replace(/[:@].*/, ""), namespace },
  spec: { template: { spec: { containers: [{ image, ...more }] } } },
  status: { readyReplicas },
});
