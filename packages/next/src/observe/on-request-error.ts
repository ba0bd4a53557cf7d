import type { Instrumentation } from 'next'
import { env } from '../env.js'
import { noteFault } from '../server/client-fault.js'
import { log } from './log.js'
import { metrics } from './metrics.js'

/** Every error thrown while rendering, in a route handler or in a server action. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (noteFault(error)) return // the sender's, not ours
  const { digest } = error as { digest?: string }
  metrics.serverErrors.inc({ kind: context.routeType })
  log().error(
    { err: error, digest, method: request.method, route: context.routePath, kind: context.routeType },
    'unhandled error',
  )
  if (env().SENTRY_DSN)
    (await import('./error-tracking.js')).captureError(error, { route: context.routePath, kind: context.routeType })
}
