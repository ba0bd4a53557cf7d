import { cacheStore } from '../cache/cache-store.js'
import { hasDatabase, openDatabase } from '../data/pools.js'
import { env } from '../env.js'
import { log } from './log.js'

/** Runs once in each server process, before the application's first line. */
export async function startObserving() {
  const { METRICS_ENDPOINT, SENTRY_DSN } = env()
  if (METRICS_ENDPOINT) (await import('./telemetry.js')).startTracing()
  if (SENTRY_DSN) (await import('./error-tracking.js')).startErrorTracking()
  // Connects without holding up the start: readiness waits for the database, liveness need not.
  setImmediate(() => {
    cacheStore()
    if (hasDatabase()) openDatabase().catch((error: unknown) => log().error({ err: error }, 'the database could not be opened'))
  })
}
