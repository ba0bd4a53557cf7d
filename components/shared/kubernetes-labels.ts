import { Output, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";

interface Metadata {
  readonly name?: Input<string>;
  readonly labels?: Input<Record<string, Input<string>>>;
}

interface Template {
  readonly metadata?: Metadata;
}

/**
 * Options that give every object below a component the labels that Kubernetes recommends, and its pods those of them that
 * stay the same from release to release: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 * What an object says of itself stays.
 *
 * @example new KubernetesValkey("cache", args, labelled({ project: "shop", stack: "prod", component: "cache" }))
 */
export function labelled(of: {
  readonly project: string;
  readonly stack: string;
  readonly component: string;
}): ComponentResourceOptions {
  const common = {
    "app.kubernetes.io/instance": value(`${of.project}-${of.stack}`),
    "app.kubernetes.io/part-of": value(of.project),
    "app.kubernetes.io/component": of.component,
    "app.kubernetes.io/managed-by": "slipway",
  };
  const withLabels = ({ labels, ...metadata }: Metadata, more: Record<string, Input<string>>): Metadata => ({
    ...metadata,
    labels: mapped(labels, (own) => ({ ...more, ...own })),
  });
  const withPods = (spec: unknown): unknown => {
    const { template, jobTemplate } = spec as { readonly template?: Template; readonly jobTemplate?: object };
    if (jobTemplate !== undefined) {
      const { spec: job } = jobTemplate as { readonly spec: object };
      return { ...(spec as object), jobTemplate: { ...jobTemplate, spec: withPods(job) } };
    }
    if (template?.metadata === undefined) return spec;
    return { ...(spec as object), template: { ...template, metadata: withLabels(template.metadata, common) } };
  };
  return {
    transformations: [
      ({ type, props, opts }) => {
        if (!type.startsWith("kubernetes:")) return undefined;
        const { metadata, spec } = props as { readonly metadata?: Input<Metadata>; readonly spec?: Input<object> };
        return {
          props: {
            ...props,
            metadata: mapped(metadata, (own = {}) =>
              withLabels(own, {
                ...(typeof own.name === "string" ? { "app.kubernetes.io/name": value(own.name) } : {}),
                ...common,
              }),
            ),
            ...(spec === undefined ? {} : { spec: podsOf.has(type) ? withPods(spec) : spec }),
          },
          opts,
        };
      },
    ],
  };
}

/** What is known stays known: an output of known values would be unknown as a whole in a preview. */
function mapped<From, To>(from: Input<From> | undefined, map: (from: From | undefined) => To): Input<To> {
  return Output.isInstance<From>(from) ? from.apply(map) : map(from as From | undefined);
}

/** Objects that make pods whose template is this program's alone. */
const podsOf = new Set([
  "kubernetes:apps/v1:Deployment",
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:argoproj.io/v1alpha1:Rollout",
  "kubernetes:postgresql.cnpg.io/v1:Pooler",
]);

/** As a label takes it: 63 characters, the first and last of them no punctuation. */
function value(text: string): string {
  return text
    .replaceAll(/[^\w.-]/g, "-")
    .slice(0, 63)
    .replaceAll(/^[^a-zA-Z0-9]+|[^a-zA-Z0-9]+$/g, "");
}
