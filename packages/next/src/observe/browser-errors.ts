import { scrub } from './scrub.js'

/** The DSN is not secret, but known only at run time: the page carries it, and without it nothing more is loaded. */
const dsn = () => document.querySelector<HTMLMetaElement>('meta[name="error-tracking"]')?.content

let tracking: Promise<typeof import('@sentry/browser') | undefined> | undefined

function load() {
  // Known when it is compiled: the server's copy of this file goes without Sentry.
  if (typeof window === 'undefined') return Promise.resolve(undefined)
  const address = dsn()
  if (!address) return Promise.resolve(undefined)
  return import('@sentry/browser').then((Sentry) => {
    Sentry.init({
      dsn: address,
      defaultIntegrations: false,
      integrations: [Sentry.linkedErrorsIntegration(), Sentry.dedupeIntegration()],
      beforeSend: (event) => scrub(event),
    })
    return Sentry
  })
}

export function reportError(error: unknown) {
  tracking ??= load()
  tracking.then((Sentry) => Sentry?.captureException(error)).catch(() => {})
}

/** For instrumentation-client.ts: errors outside of React. */
export function watchErrors() {
  addEventListener('error', ({ error }) => error && reportError(error))
  addEventListener('unhandledrejection', ({ reason }) => reportError(reason))
}
