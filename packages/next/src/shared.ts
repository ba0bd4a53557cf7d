const key = Symbol.for('slipway')
const owner = globalThis as { [key]?: Map<unknown, unknown> }
owner[key] ??= new Map()
const instances = owner[key]

/**
 * One instance per process. Next.js loads the code of pages, of instrumentation,
 * of cache handlers and of the server entry as separate bundles, each with its
 * own copy of every module; pools, counters and the shutdown state must not be
 * copied with them.
 */
export function shared<T>(name: unknown, create: () => T): T {
  let instance = instances.get(name) as T | undefined
  if (instance === undefined) {
    instance = create()
    instances.set(name, instance)
  }
  return instance
}
