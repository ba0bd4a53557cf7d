import {
  LimitRange,
  Namespace,
  ResourceQuota,
  type LimitRangeArgs,
  type NamespaceArgs,
  type ResourceQuotaArgs,
} from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import { ComponentResource, output, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import type { KubernetesNetwork, PodSelector } from "./contract";
import { addresses, ciliumPolicy, type ClusterNetwork, namespaceNamed } from "../shared/kubernetes-peers";

export interface KubernetesNamespaceArgs {
  /** Name of the namespace, which must not exist yet. @example "shop-staging" */
  readonly namespace: Input<string>;
  /**
   * Refuse to delete the namespace, and leave it when the stack is destroyed. Deleting a namespace deletes every volume
   * in it, also those of resources that are retained.
   *
   * @default true
   * @example true
   */
  readonly protect?: boolean;
  /**
   * The namespace is there already, and somebody else's: its labels, quota and limits are left to them.
   *
   * @default false
   * @example true
   */
  readonly existing?: boolean;
  /** Number of Services that may have a load balancer of their own. @default 0 @example 1 (of a Gateway of Cilium's) */
  readonly loadBalancers?: number;
  /** Whether containers that state no limit of their CPU get one. @default true @example false */
  readonly cpuLimits?: boolean;
  /** How the cluster's network differs from the plainest. @default the plainest @example { plugin: "cilium" } */
  readonly cluster?: ClusterNetwork;
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly namespace?: Transform<NamespaceArgs>;
    readonly networkPolicy?: Transform<NetworkPolicyArgs>;
    readonly resourceQuota?: Transform<ResourceQuotaArgs>;
    readonly limitRange?: Transform<LimitRangeArgs>;
  };
}

const applicationLabels: PodSelector = { "slipway/role": "application" };

/**
 * A namespace where nothing is allowed that nobody asked for: pods run under the `restricted` Pod Security Standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), no pod reaches or is reached by
 * another but by a NetworkPolicy of a component, and no Service can open a load balancer of its own.
 *
 * NetworkPolicies are enforced by the cluster's network plugin: Calico, Cilium and the large clouds' own do, flannel
 * does not, and Kubernetes gives no warning (docs/kubernetes.md#what-the-cluster-must-have). Costs nothing.
 */
export class KubernetesNamespace extends ComponentResource implements KubernetesNetwork {
  readonly namespace: Output<string>;
  readonly applicationLabels: PodSelector = applicationLabels;

  constructor(name: string, args: KubernetesNamespaceArgs, options?: ComponentResourceOptions) {
    super("slipway:network:KubernetesNamespace", name, {}, transforming(options, args.transform));

    this.namespace = args.existing === true ? output(args.namespace) : this.createNamespace(name, args).metadata.name;
    this.denyByDefault(name, args);
    this.allowNames(name, args);
    if (args.existing !== true) this.limit(name, args);

    this.registerOutputs({ namespace: this.namespace });
  }

  private createNamespace(name: string, { namespace, protect = true, transform }: KubernetesNamespaceArgs): Namespace {
    const standard = Object.fromEntries(
      ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
    );
    return new Namespace(
      ...childOf<NamespaceArgs>(
        `${name}-namespace`,
        { metadata: { name: namespace, labels: standard } },
        { parent: this, protect, retainOnDelete: protect },
        transform?.namespace,
      ),
    );
  }

  private denyByDefault(name: string, { transform }: KubernetesNamespaceArgs): void {
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${name}-default-deny`,
        {
          metadata: { name: "default-deny", namespace: this.namespace },
          spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        },
        { parent: this },
        transform?.networkPolicy,
      ),
    );
  }

  /** The cluster's DNS, and NodeLocal DNSCache, which answers on a link-local address of every node where it runs. */
  private allowNames(name: string, { cluster = {}, transform }: KubernetesNamespaceArgs): void {
    new NetworkPolicy(
      ...childOf<NetworkPolicyArgs>(
        `${name}-allow-dns`,
        {
          metadata: { name: "allow-dns", namespace: this.namespace },
          spec: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: [
              {
                to: [namespaceNamed("kube-system"), ...addresses(["169.254.20.10/32", ...(cluster.dnsCidrs ?? [])])],
                ports: [
                  { protocol: "UDP", port: 53 },
                  { protocol: "TCP", port: 53 },
                ],
              },
            ],
          },
        },
        { parent: this },
        transform?.networkPolicy,
      ),
    );
    if (cluster.plugin !== "cilium") return;
    const ports = [53].map((port) => ({ port: String(port), protocol: "ANY" }));
    ciliumPolicy(
      "allow-dns",
      this.namespace,
      { endpointSelector: {}, egress: [{ toEntities: ["host", "remote-node"], toPorts: [{ ports }] }] },
      { parent: this },
    );
  }

  /** A Service that bypasses the ingress, and a container that states no size, are mistakes here. */
  private limit(name: string, { transform, cpuLimits = true, loadBalancers = 0 }: KubernetesNamespaceArgs): void {
    new ResourceQuota(
      ...childOf<ResourceQuotaArgs>(
        `${name}-quota`,
        {
          metadata: { name: "no-load-balancers", namespace: this.namespace },
          spec: { hard: { "services.loadbalancers": String(loadBalancers) } },
        },
        { parent: this },
        transform?.resourceQuota,
      ),
    );
    new LimitRange(
      ...childOf<LimitRangeArgs>(
        `${name}-limits`,
        {
          metadata: { name: "container-defaults", namespace: this.namespace },
          spec: {
            limits: [
              {
                type: "Container",
                default: { ...(cpuLimits ? { cpu: "250m" } : {}), memory: "256Mi" },
                defaultRequest: { cpu: "50m", memory: "64Mi" },
              },
            ],
          },
        },
        { parent: this },
        transform?.limitRange,
      ),
    );
  }

  /**
   * A namespace that exists, with its network policies. With `existing` instead, those of this component are added to it: it
   * denies by default what no component allows.
   */
  static get(
    _name: string,
    args: {
      readonly namespace: Input<string>;
      /** Labels of the pods that database and cache let in. @default { "slipway/role": "application" } */
      readonly applicationLabels?: PodSelector;
    },
  ): KubernetesNetwork {
    return {
      namespace: output(args.namespace),
      applicationLabels: args.applicationLabels ?? applicationLabels,
    };
  }
}
