import * as Sentry from '@sentry/node'
import { env } from '../env.js'
import { onClose } from '../server/lifecycle.js'
import { scrub } from './scrub.js'

/** Loaded only with SENTRY_DSN. No default integrations: they would record requests, queries and console lines. */
export function startErrorTracking() {
  const { SENTRY_DSN, RELEASE } = env()
  Sentry.initWithoutDefaultIntegrations({
    dsn: SENTRY_DSN,
    release: RELEASE,
    environment: process.env.NODE_ENV,
    // Tracing is OpenTelemetry's here; this would rewrite pg and others while they load.
    enableRuntimeChannelInjection: false,
    integrations: [Sentry.linkedErrorsIntegration(), Sentry.dedupeIntegration()],
    beforeSend: (event) => scrub(event),
  })
  onClose(async () => Sentry.close(2000))
}

export function captureError(error: unknown, tags: Record<string, string>) {
  Sentry.captureException(error, { tags })
}
