import { cacheStore } from './cache-store'
import { openDatabase } from './database'
import { env } from './env'
import { log } from './log'

/** Runs once in each server process, before the first request. */
export async function start() {
  const { METRICS_ENDPOINT, SENTRY_DSN } = env()
  if (METRICS_ENDPOINT) (await import('./telemetry')).startTracing()
  if (SENTRY_DSN) (await import('./error-tracking')).startErrorTracking()
  // Connects without holding up the start: readiness waits for the database, liveness need not.
  setImmediate(() => {
    cacheStore()
    openDatabase().catch((error: unknown) => log().error({ err: error }, 'the database could not be opened'))
  })
}
