import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
  ServerResponse,
} from 'node:http'
import { env } from '../env.js'
import { log, requestContext } from '../observe/log.js'
import { countLater, metrics } from '../observe/metrics.js'
import { endpointFor } from './endpoints.js'
import { isKnown } from './entity-tag.js'
import { lifecycle } from './lifecycle.js'
import type { Routes } from './routes.js'
import { createNonce, noncePolicy, pageHeaders, securityHeaders } from './security.js'

const slowSeconds = 2
const plausibleId = /^[\w.:=-]{8,128}$/
/** Random for each process; a counter tells its requests apart, which costs less than randomness for each. */
const processId = randomUUID().slice(0, 23)
let answered = 0

/**
 * The server in front of Next.js: gives each request an id, measures it, sets the security headers, and turns it away
 * when too many are being served already. A server that queues without bound answers nobody; one that refuses early
 * recovers at once.
 */
export function gatedServer(serve: RequestListener, routes: Routes): Server {
  const { MAX_CONCURRENT_REQUESTS } = env()

  return createServer({ ServerResponse: Answer }, (request, response) => {
    const started = performance.now()
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    const path = query < 0 ? url : url.slice(0, query)
    const endpoint = endpointFor(path, routes)
    const route = endpoint ? path.slice(path.indexOf('/api/')).replace(/\/$/, '') : routes.labelOf(path)
    const requestId = idOf(request)
    request.headers['x-request-id'] = requestId
    response.setHeader('x-request-id', requestId)
    // Tells clients and proxies to open their next connection elsewhere.
    if (lifecycle.draining) response.setHeader('connection', 'close')
    secure(request, response, routes.isRenderedEachTime(route))

    lifecycle.inFlight++
    response.on('close', () => {
      lifecycle.inFlight--
      record(request, response, { requestId, route, seconds: (performance.now() - started) / 1000 })
    })

    if (lifecycle.inFlight > MAX_CONCURRENT_REQUESTS && !isExempt(route)) {
      metrics.shed.inc()
      response.writeHead(503, { 'retry-after': '2', 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
      response.end('Too many requests at once. Please try again in a moment.\n')
      return
    }
    requestContext.run({ requestId }, () => (endpoint ?? serve)(request, response))
  })
}

/**
 * Next.js takes the nonce from the request, where it reads nothing else of the policy. What is rendered for one visitor
 * gets one; a page that is kept brings the hashes of its own scripts (page-cache-handler.ts), and must not be rendered
 * with a nonce, least of all a visitor's.
 */
function secure(request: IncomingMessage, response: ServerResponse, renderedEachTime: boolean) {
  for (const { key, value } of securityHeaders) response.setHeader(key, value)
  // A form that is sent without JavaScript has its page rendered for it alone.
  if (renderedEachTime || request.method === 'POST') {
    const nonce = createNonce()
    request.headers['content-security-policy'] = `script-src 'nonce-${nonce}'`
    response.setHeader('content-security-policy', noncePolicy(nonce))
  } else delete request.headers['content-security-policy']
}

function record(
  { method = 'GET' }: IncomingMessage,
  response: ServerResponse,
  { requestId, route, seconds }: { requestId: string; route: string; seconds: number },
) {
  const status = response.writableFinished ? response.statusCode : 499 // the client went away
  countLater(() => {
    metrics.requests.inc({ route, method, status })
    metrics.duration.observe({ route, method }, seconds)
  })
  const failed = status >= 500 && !isExempt(route)
  const slow = seconds > slowSeconds
  if (!failed && !slow && !log().isLevelEnabled('debug')) return
  const line = { requestId, method, route, status, seconds: Number(seconds.toFixed(3)) }
  if (failed) log().warn(line, 'request failed')
  else if (slow) log().warn(line, 'slow request')
  else log().debug(line, 'request')
}

/** What Next.js answers, made fit for browsers and for caches in front. */
class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(status: number, ...rest: unknown[]): this {
    this.#limitSharedCaches()
    const type = this.getHeader('content-type')
    const known = typeof type === 'string' && type.startsWith('text/') && this.#fitText(type, status)
    return super.writeHead(known ? 304 : status, ...(rest as [OutgoingHttpHeaders?]))
  }

  /** What is for pages and their other form alone; true when the client has got this page already. */
  #fitText(type: string, status: number): boolean {
    // The tag of a kept page is that of its HTML; its other form, for navigation within the site, shares its headers.
    if (type.startsWith('text/x-component')) this.removeHeader('etag')
    if (!type.startsWith('text/html')) return false
    for (const { key, value } of pageHeaders) this.setHeader(key, value)
    return status === 200 && this.#isKnownToClient()
  }

  /**
   * Next.js answers kept pages with `s-maxage=31536000` or `s-maxage, stale-while-revalidate`.
   * Browsers honour the second half and would show their own old copy after a change, and a CDN
   * the first, long after a release. Browsers ask each time (an ETag makes that cheap); a CDN
   * keeps a page for CACHE_TTL.
   */
  #limitSharedCaches() {
    const cacheControl = this.getHeader('cache-control')
    if (typeof cacheControl !== 'string' || !cacheControl.startsWith('s-maxage=')) return
    const seconds = Math.min(Number.parseInt(cacheControl.slice('s-maxage='.length), 10), env().CACHE_TTL)
    this.setHeader('cache-control', `public, max-age=0, s-maxage=${seconds}`)
  }

  #isKnownToClient(): boolean {
    const tag = this.getHeader('etag')
    if (typeof tag !== 'string' || !isKnown(tag, this.req.headers['if-none-match'])) return false
    this.removeHeader('content-length')
    return true
  }
}

const isExempt = (route: string) => route === '/api/health' || route === '/api/ready' || route === '/_next/static'

function idOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-amzn-trace-id']
  if (typeof given === 'string' && plausibleId.test(given)) return given
  return `${processId}-${(++answered).toString(16).padStart(12, '0')}`
}
