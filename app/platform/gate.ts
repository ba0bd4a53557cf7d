import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { env } from './env'
import { lifecycle } from './lifecycle'
import { log, requestContext } from './log'
import { metrics } from './metrics'

const slowSeconds = 2
const plausibleId = /^[\w.:=-]{8,128}$/

/**
 * Stands in front of Next.js for every request: gives it an id, measures it, and
 * turns it away when too many are being served already. A server that queues
 * without bound answers nobody; one that refuses early recovers at once.
 */
export function gate(serve: RequestListener, routeOf: (path: string) => string): RequestListener {
  const { MAX_CONCURRENT_REQUESTS, CACHE_TTL } = env()
  let inFlight = 0

  return (request: IncomingMessage, response: ServerResponse) => {
    const started = performance.now()
    const path = (request.url ?? '/').split('?', 1)[0] as string
    const route = routeOf(path)
    const requestId = idOf(request)
    request.headers['x-request-id'] = requestId
    response.setHeader('x-request-id', requestId)
    // Tells clients and proxies to open their next connection elsewhere.
    if (lifecycle.draining) response.setHeader('connection', 'close')

    forBrowsers(response, CACHE_TTL)

    inFlight++
    metrics.inFlight.set(inFlight)
    response.once('close', () => {
      inFlight--
      metrics.inFlight.set(inFlight)
      const method = request.method ?? 'GET'
      const status = response.writableFinished ? response.statusCode : 499 // the client went away
      const elapsed = (performance.now() - started) / 1000
      metrics.requests.inc({ route, method, status })
      metrics.duration.observe({ route, method }, elapsed)
      const line = { requestId, method, route, status, seconds: Number(elapsed.toFixed(3)) }
      if (status >= 500 && !isExempt(route)) log().warn(line, 'request failed')
      else if (elapsed > slowSeconds) log().warn(line, 'slow request')
      else log().debug(line, 'request')
    })

    if (inFlight > MAX_CONCURRENT_REQUESTS && !isExempt(route)) {
      metrics.shed.inc()
      response.writeHead(503, { 'retry-after': '2', 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
      response.end('Too many requests at once. Please try again in a moment.\n')
      return
    }
    requestContext.run({ requestId }, () => serve(request, response))
  }
}

/**
 * Next.js answers kept pages with `s-maxage=31536000` or `s-maxage, stale-while-revalidate`.
 * Browsers honour the second half and would show their own old copy after a change, and a CDN
 * the first, long after a release. Browsers ask each time (an ETag makes that cheap); a CDN
 * keeps a page for CACHE_TTL.
 */
function forBrowsers(response: ServerResponse, longestSeconds: number) {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = ((...args: unknown[]) => {
    const shared = /^s-maxage=(\d+)/.exec(String(response.getHeader('cache-control')))
    if (shared) response.setHeader('cache-control', `public, max-age=0, s-maxage=${Math.min(Number(shared[1]), longestSeconds)}`)
    return writeHead(...args)
  }) as typeof response.writeHead
}

const isExempt = (route: string) => route === '/api/health' || route === '/api/ready' || route === '/_next/static'

function idOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-amzn-trace-id']
  return typeof given === 'string' && plausibleId.test(given) ? given : randomUUID()
}
