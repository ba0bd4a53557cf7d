import { createHash } from "node:crypto";
import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import { Secret, type SecretArgs } from "@pulumi/kubernetes/core/v1";
import { ComponentResource, secret, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { RandomBytes, RandomId } from "@pulumi/random";
import type { KubernetesNetwork } from "../network/contract";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import {
  generatedName,
  type KubernetesSecretRef,
  type SecretSource,
  type SecretStore,
  type SecretStoreArgs,
} from "./contract";
import {
  expectedReference,
  kubernetesSecretReference,
  type ExistingPlace,
  type ExternalPlace,
} from "./kubernetes-secret-reference";

export interface KubernetesSecretsArgs extends SecretStoreArgs {
  /**
   * Namespace, and the labels of the pods that may connect.
   * @example new KubernetesNamespace("shop", { namespace: "shop" })
   */
  readonly network: KubernetesNetwork;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly secret?: Transform<SecretArgs>;
    readonly externalSecret?: Transform<CustomResourceArgs>;
  };
}

/**
 * The application's secrets on Kubernetes. What is generated or given lies in one Secret. A reference is one of
 * - `name/key`: a key of a Secret that exists in the namespace. @example "shop-email/api-key"
 * - `store:path#property`: External Secrets copies it from the ClusterSecretStore of that name and keeps it current;
 *   `#property` may be left out. @example "vault:shop/email#apiKey"
 *
 * A Secret is base64, not encrypted: who may read Secrets in the namespace, or the cluster's etcd where encryption at
 * rest is off, reads them (https://kubernetes.io/docs/concepts/configuration/secret/). Costs nothing.
 */
export class KubernetesSecrets extends ComponentResource implements SecretStore {
  readonly refs: Readonly<Record<string, KubernetesSecretRef>>;

  constructor(name: string, args: KubernetesSecretsArgs, options?: ComponentResourceOptions) {
    super("slipway:secrets:KubernetesSecrets", name, {}, transforming(options, args.transform));
    const sorted = sortByPlace(args.secrets);

    const held = this.createSecret(name, args, this.valuesOf(name, sorted.held));
    const copied = this.copyFromStores(name, args, sorted.external);
    const existing = mapValues(sorted.existing, ({ secret, key }) => ({
      store: "kubernetes" as const,
      secret,
      key,
      changedElsewhere: true,
    }));

    this.refs = { ...held, ...copied, ...existing };
    this.registerOutputs({});
  }

  private valuesOf(name: string, sources: Readonly<Record<string, Held>>): Record<string, Output<string>> {
    return mapValues(sources, (source, variable) =>
      source.from === "value"
        ? secret(source.value)
        : new RandomBytes(`${name}-${generatedName(variable, source)}`, { length: source.bytes }, { parent: this })
            .base64,
    );
  }

  private createSecret(
    name: string,
    { network, transform }: KubernetesSecretsArgs,
    values: Readonly<Record<string, Input<string>>>,
  ): Record<string, KubernetesSecretRef> {
    if (Object.keys(values).length === 0) return {};
    const object = new Secret(
      ...childOf<SecretArgs>(
        `${name}-secret`,
        { metadata: { name, namespace: network.namespace }, type: "Opaque", stringData: values },
        { parent: this },
        transform?.secret,
      ),
    );
    // A hash of the values would let anybody who reads a pod's annotations try candidates; a random number that is
    // regenerated when a value changes tells nothing.
    const version = new RandomId(`${name}-version`, { byteLength: 6, keepers: values }, { parent: this });
    return mapValues(values, (_, key) => ({
      store: "kubernetes",
      secret: object.metadata.name,
      key,
      version: version.hex,
    }));
  }

  private copyFromStores(
    name: string,
    { network, transform }: KubernetesSecretsArgs,
    sources: Readonly<Record<string, ExternalPlace>>,
  ): Record<string, KubernetesSecretRef> {
    if (Object.keys(sources).length === 0) return {};
    const target = `${name}-external`;
    new CustomResource(
      ...childOf<CustomResourceArgs>(
        `${name}-external`,
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          metadata: { name: target, namespace: network.namespace },
          spec: {
            // As Go writes it, and so the operator whenever it stores the object: "1h" would be a change at each apply.
            refreshInterval: "1h0m0s",
            // A store that is away for a while must not take the site's secrets with it.
            target: { name: target, creationPolicy: "Owner", deletionPolicy: "Retain" },
            data: Object.entries(sources).map(([secretKey, { store, ...remoteRef }]) => ({
              secretKey,
              sourceRef: { storeRef: { kind: "ClusterSecretStore", name: store } },
              remoteRef,
            })),
          },
        },
        { parent: this },
        transform?.externalSecret,
      ),
    );
    // What is copied, from where: no secret. Another place is another value, under the same name and key.
    const version = createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 12);
    return mapValues(sources, (_, key) => ({
      store: "kubernetes",
      secret: target,
      key,
      version,
      changedElsewhere: true,
    }));
  }
}

type Held = Exclude<SecretSource, { from: "reference" }>;

interface Sorted {
  readonly held: Record<string, Held>;
  readonly existing: Record<string, ExistingPlace>;
  readonly external: Record<string, ExternalPlace>;
}

function sortByPlace(sources: SecretStoreArgs["secrets"]): Sorted {
  const sorted: Sorted = { held: {}, existing: {}, external: {} };
  for (const [variable, source] of Object.entries(sources)) {
    if (source.from !== "reference") {
      sorted.held[variable] = source;
      continue;
    }
    const place = kubernetesSecretReference(source.reference);
    if (place === undefined) {
      throw new Error(
        `secrets.${variable}: the reference "${source.reference}" is none that Kubernetes knows: ${expectedReference}`,
      );
    }
    if ("store" in place) sorted.external[variable] = place;
    else sorted.existing[variable] = place;
  }
  return sorted;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
