import { shared } from '../shared.js'

/** What every part of the process needs to know about starting and stopping. */
export const lifecycle = shared('lifecycle', () => ({
  startedAt: Date.now(),
  /** Set at SIGTERM: readiness fails, responses say `Connection: close`. */
  draining: false,
  /** Requests being served. */
  inFlight: 0,
  /** Run after the last request and `after()` task, before the process exits. */
  closers: [] as Array<() => Promise<unknown>>,
}))

export const onClose = (close: () => Promise<unknown>) => lifecycle.closers.push(close)
