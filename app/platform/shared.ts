/**
 * One instance per process. Next.js loads the code of pages, of instrumentation,
 * of cache handlers and of the server entry as separate bundles, each with its
 * own copy of every module; pools, counters and the shutdown state must not be
 * copied with them.
 */
export function shared<T>(name: string, create: () => T): T {
  const store = globalThis as unknown as Record<symbol, T | undefined>
  const key = Symbol.for(`slipway.${name}`)
  store[key] ??= create()
  return store[key]
}
