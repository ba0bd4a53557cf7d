/** The parts of a CloudNativePG Cluster that a restored one takes over. */
export interface Cluster {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly imageName?: string;
    readonly plugins?: readonly { readonly name: string; readonly parameters?: Readonly<Record<string, string>> }[];
    readonly postgresql?: { readonly parameters?: Readonly<Record<string, string>> };
    readonly affinity?: { readonly nodeSelector?: object; readonly tolerations?: readonly object[] };
    readonly [more: string]: unknown;
  };
  readonly status?: {
    readonly phase?: string;
    readonly phaseReason?: string;
    readonly currentPrimary?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

export interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

export const barman = "barman-cloud.cloudnative-pg.io";

/** Until when the log is replayed. An LSN is the end of what is wanted, and nothing after it. */
export type RecoveryTarget = { readonly targetTime: string } | { readonly targetLSN: string; readonly exclusive: true };

/** Where the live Cluster archives to. Undefined: nowhere. */
export const archiveOf = ({ spec }: Cluster) => spec.plugins?.find(({ name }) => name === barman)?.parameters;

/**
 * A Cluster of one server that is restored from the live one's archive and archives nothing itself:
 * https://cloudnative-pg.io/documentation/current/recovery/
 */
export function recoveryCluster(live: Cluster, name: string, database: string, recoveryTarget: RecoveryTarget): object {
  const { spec, metadata } = live;
  const taken = ["imageName", "imagePullSecrets", "serviceAccountTemplate", "inheritedMetadata", "resources"] as const;
  const storage = ["storage", "walStorage"] as const;
  const { nodeSelector, tolerations } = spec.affinity ?? {};
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name, namespace: metadata.namespace, labels: { "app.slipway/restored-from": metadata.name } },
    spec: {
      instances: 1,
      enablePDB: false,
      enableSuperuserAccess: false,
      ...Object.fromEntries(
        [...taken, ...storage].flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])),
      ),
      ...((nodeSelector ?? tolerations) && { affinity: { nodeSelector, tolerations } }),
      // A server that recovers refuses limits below those of the one that wrote the log.
      postgresql: { parameters: spec.postgresql?.parameters ?? {} },
      bootstrap: { recovery: { source: "origin", database, owner: database, recoveryTarget } },
      externalClusters: [{ name: "origin", plugin: { name: barman, parameters: archiveOf(live) } }],
    },
  };
}

/** The live servers' policy, for the restored one: the namespace denies everything that none allows. */
export function recoveryPolicy({ spec }: NetworkPolicy, live: Cluster, name: string): object {
  const { namespace, name: origin } = live.metadata;
  const renamed = JSON.stringify(spec).replaceAll(`"cnpg.io/cluster":"${origin}"`, `"cnpg.io/cluster":"${name}"`);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${name}-servers`, namespace },
    spec: JSON.parse(renamed) as object,
  };
}
