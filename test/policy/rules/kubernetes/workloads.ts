import type { Resource } from "../../../../policy/index";
import { given } from "../../spec";

type Spec = Record<string, unknown>;

const metadata = { name: "shop", namespace: "production" };
const template = (spec: Spec) => ({ metadata: { labels: { app: "shop" } }, spec });

/** A workload of a kind around the same pod, as each kind nests it. */
export const around = {
  pod: (spec: Spec) => given("kubernetes:core/v1:Pod", { metadata, spec }),
  deployment: (spec: Spec, more: Spec = {}) =>
    given("kubernetes:apps/v1:Deployment", { metadata, spec: { template: template(spec), ...more } }),
  oldDeployment: (spec: Spec) =>
    given("kubernetes:extensions/v1beta1:Deployment", { metadata, spec: { template: template(spec) } }),
  patch: (spec: Spec) => given("kubernetes:apps/v1:DeploymentPatch", { metadata, spec: { template: template(spec) } }),
  statefulSet: (spec: Spec, more: Spec = {}) =>
    given("kubernetes:apps/v1:StatefulSet", { metadata, spec: { template: template(spec), ...more } }),
  job: (spec: Spec) => given("kubernetes:batch/v1:Job", { metadata, spec: { template: template(spec) } }),
  cronJob: (spec: Spec) =>
    given("kubernetes:batch/v1:CronJob", { metadata, spec: { jobTemplate: { spec: { template: template(spec) } } } }),
  rollout: (spec: Spec, more: Spec = {}) =>
    given("kubernetes:argoproj.io/v1alpha1:Rollout", { metadata, spec: { template: template(spec), ...more } }),
} as const;

/** A pod with one container. */
export const one = (container: Spec, pod: Spec = {}): Spec => ({
  containers: [{ name: "web", image: "shop:1.4.2", ...container }],
  ...pod,
});

/** A Rollout that takes its pods from a Deployment. */
export const borrowing: Resource = given("kubernetes:argoproj.io/v1alpha1:Rollout", {
  metadata,
  spec: { workloadRef: { kind: "Deployment", name: "shop" } },
});

/** An object of the same namespace. */
export const beside = (type: string, spec: unknown, own: Spec = {}): Resource =>
  given(type, { metadata: { ...metadata, name: "beside", ...own }, spec }, { name: "beside" });
