/**
 * The way out for what a component has no argument for: change the arguments of one child before it is created,
 * either by a few properties or by a function over all of them.
 *
 * @example transform: { instance: { deletionProtection: false } }
 * @example transform: { instance: (args) => ({ ...args, monitoringInterval: 1 }) }
 */
export type Transform<Args> = Partial<Args> | ((args: Args) => Args);

export function transformed<Args extends object>(args: Args, transform: Transform<Args> | undefined): Args {
  return typeof transform === "function" ? transform(args) : { ...args, ...transform };
}
