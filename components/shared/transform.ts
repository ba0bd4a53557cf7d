import type { ComponentResourceOptions, CustomResourceOptions, InvokeOutputOptions } from "@pulumi/pulumi";

/**
 * For what a component has no argument for: change one child before it is created, by a few properties or by
 * a function over all of them. The function may also change the options, which are the child's own copy.
 *
 * @example transform: { instance: { deletionProtection: false } }
 * @example transform: { instance: (args) => ({ ...args, monitoringInterval: 1 }) }
 * @example transform: { instance: (args, options, name) => { options.import = "shop-1"; return args; } }
 */
export type Transform<Args> =
  Partial<Args> | ((args: Args, options: CustomResourceOptions, name: string) => Args | void);

/**
 * For children without a name among a component's transforms, at any depth: by the type that Pulumi has for them, as previews
 * and URNs show it. After those by name.
 *
 * @example transform: { "aws:ec2/subnet:Subnet": (args, options, name) => ({ ...args, mapPublicIpOnLaunch: true }) }
 */
export interface ChildTransforms {
  readonly [type: `${string}:${string}:${string}`]: Transform<Record<string, unknown>>;
}

/** What a child's constructor takes, after its transform: `new Instance(...child(name, args, options, transform))`. */
export function child<Args extends object>(
  name: string,
  args: Args,
  options: CustomResourceOptions,
  transform: Transform<Args> | undefined,
): [name: string, args: Args, options: CustomResourceOptions] {
  const own = { ...options };
  return [name, transformed({ ...args }, transform, own, name), own];
}

function transformed<Args extends object>(
  args: Args,
  transform: Transform<Args> | undefined,
  options: CustomResourceOptions,
  name: string,
): Args {
  if (typeof transform !== "function") return { ...args, ...transform };
  return transform(args, options, name) ?? args;
}

/** Options of a component whose children are changed by their type. */
export function transforming(
  options: ComponentResourceOptions | undefined,
  transforms: ChildTransforms | undefined,
): ComponentResourceOptions | undefined {
  if (transforms === undefined) return options;
  return {
    ...options,
    transformations: [
      ...(options?.transformations ?? []),
      ({ name, opts, props, type }) => {
        const transform = transforms[type as keyof ChildTransforms];
        // What is read is somebody's already, and nothing of it can be changed.
        if (transform === undefined || opts.id !== undefined) return undefined;
        const own = { ...opts } as CustomResourceOptions;
        return { props: transformed({ ...(props as object) }, transform, own, name), opts: own };
      },
    ],
  };
}

/** How a `static get` asks about what exists: as whom its caller would create. */
export function invokeOptions({ dependsOn, parent, provider }: CustomResourceOptions): InvokeOutputOptions {
  return { dependsOn, parent, provider };
}
