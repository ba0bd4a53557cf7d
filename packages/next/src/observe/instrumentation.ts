import { cacheStore } from '../cache/cache-store.js'
import { openDatabase } from '../data/database.js'
import { env } from '../env.js'
import { log } from './log.js'

/** Runs once in each server process, before the first request. */
export async function start() {
  const { METRICS_ENDPOINT, SENTRY_DSN } = env()
  if (METRICS_ENDPOINT) (await import('./telemetry.js')).startTracing()
  if (SENTRY_DSN) (await import('./error-tracking.js')).startErrorTracking()
  // Connects without holding up the start: readiness waits for the database, liveness need not.
  setImmediate(() => {
    cacheStore()
    openDatabase().catch((error: unknown) => log().error({ err: error }, 'the database could not be opened'))
  })
}
