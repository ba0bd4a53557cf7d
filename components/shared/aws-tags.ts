import * as pulumi from "@pulumi/pulumi";

/** By which a bill, a search and a person tell whose a resource is. */
export interface StackTags {
  readonly stack: string;
  /** Component of the stack, such as `database`. */
  readonly component: string;
  /** Policy that limits every role: in some organizations no role may be made without. */
  readonly permissionsBoundary?: string;
}

/**
 * Options that limit every role, where a limit is given, and tag everything below a component which AWS can tag: `stack`, `component` and `managed-by`. Costs by stack show
 * once these are activated in the account: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 *
 * @example new AwsRdsPostgres("database", args, tagged({ stack: "shop-prod", component: "database" }))
 */
export function tagged({ stack, component, permissionsBoundary }: StackTags): pulumi.ComponentResourceOptions {
  const common = { stack, component, "managed-by": "slipway" };
  return {
    transformations: [
      ({ type, props, opts }) => {
        // The SDK states every property that a type has, given or not.
        const given = props as { tags?: pulumi.Input<Record<string, pulumi.Input<string>>> };
        if (!type.startsWith("aws:") || !("tags" in given)) return undefined;
        const tags =
          given.tags === undefined ? common : pulumi.output(given.tags).apply((own) => ({ ...common, ...own }));
        const limit = type === "aws:iam/role:Role" && permissionsBoundary !== undefined ? { permissionsBoundary } : {};
        return { props: { ...props, tags, ...limit }, opts };
      },
    ],
  };
}
