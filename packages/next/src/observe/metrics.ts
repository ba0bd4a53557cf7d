import { createServer } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client'
import { env } from '../env.js'
import { lifecycle, onClose } from '../server/lifecycle.js'
import { bindable } from '../server/public-origin.js'
import { shared } from '../shared.js'

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Every metric of the application. docs/environment.md lists this table; alerts are built on these names. */
export const metrics = shared('metrics', () => ({
  requests: new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'method', 'status'],
    collect: countNow,
  }),
  duration: new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte in to the last byte out.',
    labelNames: ['route', 'method'],
    buckets: seconds,
  }),
  inFlight: new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being served.',
    collect() {
      this.set(lifecycle.inFlight)
    },
  }),
  shed: new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests answered 503 because of MAX_CONCURRENT_REQUESTS, or 429 because of MAX_REQUESTS_PER_ADDRESS.',
  }),
  refused: new Counter({
    name: 'http_requests_refused_total',
    help: 'Requests that were malformed, too large or from another site: answered 4xx, no error of the application.',
    labelNames: ['reason'],
  }),
  violations: new Counter({
    name: 'csp_violations_total',
    help: 'What browsers reported as blocked by the Content-Security-Policy.',
    labelNames: ['directive'],
  }),
  cache: new Counter({
    name: 'cache_requests_total',
    help: 'Look-ups in the shared caches.',
    labelNames: ['cache', 'result'],
    collect: countNow,
  }),
  cacheUp: new Gauge({
    name: 'cache_up',
    help: '1 while Redis answers and lets itself be written to; absent when none is configured.',
  }),
  cacheErrors: new Counter({
    name: 'cache_errors_total',
    help: 'Commands that Redis refused (READONLY, OOM, NOPERM, ...) or did not answer in time (timeout).',
    labelNames: ['reason'],
  }),
  cachePending: new Gauge({
    name: 'cache_invalidations_pending',
    help: 'Invalidations that Redis has not recorded yet; other replicas do not know of them.',
  }),
  cdnInvalidations: new Counter({
    name: 'cdn_invalidation_paths_total',
    help: 'Tags that CloudFront was told to drop; over_limit: not told, see CLOUDFRONT_INVALIDATION_PATHS_PER_DAY.',
    labelNames: ['result'],
  }),
  databaseConnections: new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of the pool.',
    labelNames: ['pool', 'state'],
  }),
  databaseWaiting: new Gauge({ name: 'db_pool_waiting', help: 'Queries that wait for a connection.', labelNames: ['pool'] }),
  databaseLimit: new Gauge({
    name: 'db_pool_limit',
    help: 'DATABASE_POOL_SIZE, of all read replicas together.',
    labelNames: ['pool'],
  }),
  databaseErrors: new Counter({ name: 'db_errors_total', help: 'Failed connections and queries.', labelNames: ['pool', 'kind'] }),
  serverErrors: new Counter({
    name: 'server_errors_total',
    help: 'Errors thrown while rendering or in actions.',
    labelNames: ['kind'],
  }),
  vitalSeconds: new Histogram({
    name: 'web_vitals_seconds',
    help: 'LCP, INP, FCP and TTFB as measured in browsers.',
    labelNames: ['metric', 'route'],
    buckets: [0.05, 0.1, 0.2, 0.5, 0.8, 1.2, 1.8, 2.5, 4, 8],
  }),
  vitalShift: new Histogram({
    name: 'web_vitals_layout_shift',
    help: 'CLS as measured in browsers.',
    labelNames: ['route'],
    buckets: [0.01, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
  }),
}))

const uncounted = shared('uncounted', (): Array<() => void> => [])

/** For what each request counts: one by one, that was the largest part of what the gate costs; together it costs less. */
export function countLater(count: () => void) {
  if (uncounted.push(count) >= 50) countNow()
}

function countNow() {
  for (const count of uncounted) count()
  uncounted.length = 0
}

/** Serves `/metrics` on a port of its own, so that a public route can never expose it. */
export function serveMetrics() {
  const { METRICS_PORT, HOSTNAME, RELEASE } = env()
  if (METRICS_PORT === 0) return
  collectDefaultMetrics({ eventLoopMonitoringPrecision: 20 })
  new Gauge({ name: 'app_info', help: 'Always 1; the release is the label.', labelNames: ['release'] }).set(
    { release: RELEASE },
    1,
  )
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': register.contentType }).end(await register.metrics())
  })
  server.listen(METRICS_PORT, bindable(HOSTNAME))
  onClose(async () => server.close())
}
