import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { env } from '../env.js'
import { log, requestContext } from '../observe/log.js'
import { countLater, metrics } from '../observe/metrics.js'
import { Admission } from './admission.js'
import { Answer } from './answer.js'
import { clientAddressOf, proxiesUnknown } from './client-address.js'
import { type Fault, faultOf, textOf } from './client-fault.js'
import { endpointFor } from './endpoints.js'
import { lifecycle } from './lifecycle.js'
import { createNonce } from './nonce.js'
import { isOwn, originOf, type PublicOrigin, tellOrigin } from './public-origin.js'
import type { Routes } from './routes.js'

const slowSeconds = 2
/** How long a connection that asks for another protocol may wait for its first answer. */
const upgradeSeconds = 5
const plausibleId = /^[\w.:=-]{8,128}$/
/** Random for each process; a counter tells its requests apart, which costs less than randomness for each. */
const processId = randomUUID().slice(0, 23)
let answered = 0

/**
 * The server in front of Next.js: gives each request an id, a nonce, the visitor's address and the public origin, measures
 * it, refuses what is malformed, and turns it away when too many are being worked on already. A server that queues without
 * bound answers nobody; one that refuses early recovers at once.
 */
export function gatedServer(
  serve: RequestListener,
  routes: Pick<Routes, 'labelOf' | 'basePath' | 'owns'>,
  origin?: PublicOrigin,
): Server {
  const { MAX_CONCURRENT_REQUESTS, MAX_REQUESTS_PER_ADDRESS, TRUSTED_PROXIES } = env()
  const admission = new Admission({ concurrent: MAX_CONCURRENT_REQUESTS, perAddress: MAX_REQUESTS_PER_ADDRESS })

  const server = createServer({ ServerResponse: Answer }, (request, response: Answer) => {
    const started = performance.now()
    const own = isOwn(request)
    const proxies = own ? 1 : TRUSTED_PROXIES
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
    const exempt = own || isExempt(route)

    const alike = proxiesUnknown(request, proxies)
    const address = clientAddressOf(request, proxies)
    const counted = alike ? undefined : address
    const fault = exempt ? undefined : faultOf(request, path)
    const refusal = exempt || fault ? undefined : admission.refusal(counted)
    lifecycle.inFlight++
    const leave = exempt || fault || refusal ? undefined : admission.enter(request, response, counted)
    response.on('close', () => {
      lifecycle.inFlight--
      leave?.()
      record(request, response, { requestId, route, seconds: (performance.now() - started) / 1000 })
    })

    if (fault) return refuse(response, fault)
    if (refusal) return turnAway(response, refusal)
    // Also what Next.js keeps for everybody is rendered with it: so the page cache tells the framework's scripts from others.
    response.nonce = createNonce()
    request.headers['content-security-policy'] = `script-src 'nonce-${response.nonce}'`
    const visited = origin && originOf(request, origin, proxies)
    if (visited) tellOrigin(request, visited, origin.configured)
    request.headers['x-forwarded-for'] = address
    request.headers['x-real-ip'] = address
    delete request.headers.forwarded

    requestContext.run({ requestId, request, origin: visited }, () => (endpoint ?? serve)(request, response))
  })
  // Next.js leaves open what it does not know, for a server that an application may have beside it.
  server.on('upgrade', (_request, socket: Socket) => {
    setTimeout(() => socket.bytesWritten === 0 && socket.destroy(), upgradeSeconds * 1000).unref()
  })
  // A body that never ends holds its connection no longer than this; the longest upload on a slow line takes less.
  server.requestTimeout = 120_000
  server.headersTimeout = 20_000
  return server
}

function refuse(response: ServerResponse, { status, reason }: Fault) {
  metrics.refused.inc({ reason })
  response.writeHead(status, { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(textOf(status))
}

function turnAway(response: ServerResponse, refusal: 'busy' | 'address') {
  metrics.shed.inc()
  response.writeHead(refusal === 'busy' ? 503 : 429, {
    'retry-after': '2',
    'cache-control': 'no-store',
    'content-type': 'text/plain; charset=utf-8',
  })
  response.end('Too many requests at once. Please try again in a moment.\n')
}

function record(
  { method = 'GET' }: IncomingMessage,
  response: Answer,
  { requestId, route, seconds }: { requestId: string; route: string; seconds: number },
) {
  const status = response.writableFinished ? (response.sent ?? response.statusCode) : 499 // the client went away
  countLater(() => {
    metrics.requests.inc({ route, method: methods.has(method) ? method : 'other', status })
    metrics.duration.observe({ route, method: methods.has(method) ? method : 'other' }, seconds)
  })
  const failed = status >= 500 && !isExempt(route)
  const slow = seconds > slowSeconds
  if (!failed && !slow && !log().isLevelEnabled('debug')) return
  const line = { requestId, method, route, status, seconds: Number(seconds.toFixed(3)) }
  if (failed) log().warn(line, 'request failed')
  else if (slow) log().warn(line, 'slow request')
  else log().debug(line, 'request')
}

/** Node.js knows some thirty; a label has few values, whatever strangers send. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const isExempt = (route: string) => route === '/api/health' || route === '/api/ready' || route === '/_next/static'

function idOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-amzn-trace-id']
  if (typeof given === 'string' && plausibleId.test(given)) return given
  return `${processId}-${(++answered).toString(16).padStart(12, '0')}`
}
