import type { Input, Output } from "@pulumi/pulumi";

/** Where workloads live on AWS. */
export interface AwsNetwork {
  readonly vpcId: Output<string>;
  /** Reachable from the internet: load balancers only. */
  readonly publicSubnetIds: readonly Output<string>[];
  /** Egress through NAT: the application. */
  readonly privateSubnetIds: readonly Output<string>[];
  /** No egress: database and cache. */
  readonly isolatedSubnetIds: readonly Output<string>[];
  /** Group of the application's tasks; database and cache let in this group alone. */
  readonly applicationSecurityGroupId: Output<string>;
}

/** Where workloads live on Kubernetes: a namespace that denies what nobody allowed. */
export interface KubernetesNetwork {
  readonly namespace: Output<string>;
  /** Labels of the application's pods; database and cache let in these pods alone. */
  readonly applicationLabels: PodSelector;
}

/** Where containers live on one Docker host. */
export interface DockerNetwork {
  /** Network with egress and published ports: nginx, and the application for its outgoing calls. */
  readonly edge: Output<string>;
  /** Network without egress: application, database, cache, monitoring. */
  readonly internal: Output<string>;
}

/** Labels of the pods that may reach a database or a cache. */
export type PodSelector = Readonly<Record<string, Input<string>>>;
