import type { IncomingMessage, ServerResponse } from 'node:http'
import { canServe, keepsPlace, readiness } from '../observe/health.js'
import { recordVital } from '../observe/vitals.js'
import { shared } from '../shared.js'
import { receiveReport } from './csp-reports.js'
import { lifecycle } from './lifecycle.js'
import type { Routes } from './routes.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(response.req.method === 'HEAD' ? undefined : JSON.stringify(body))
}

/** Alive: the process answers. It must ask nothing else, or an outage elsewhere restarts every replica. */
const health: Answer = (_, response) => json(response, 200, { status: 'alive' })

/** `?for=routing`: 503 only from a replica that has never been ready, or that leaves. */
const ready: Answer = async (request, response) => {
  const state = await readiness()
  const routing = new URL(request.url ?? '/', 'http://localhost').searchParams.get('for') === 'routing'
  json(response, (routing ? keepsPlace(state) : canServe(state)) ? 200 : 503, state)
}

const largestVital = 1000

const vitals: Answer = async (request, response) => {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > largestVital) break
  }
  response.writeHead(recordVital(body) ? 204 : 400).end()
}

const reports: Answer = (request, response) =>
  receiveReport(request, response, shared<Pick<Routes, 'labelOf'>>('routes', () => ({ labelOf: () => 'other' })).labelOf)

const endpoints: Record<string, { methods: readonly string[]; answer: Answer }> = {
  '/api/health': { methods: ['GET', 'HEAD'], answer: health },
  '/api/ready': { methods: ['GET', 'HEAD'], answer: ready },
  '/api/csp': { methods: ['POST'], answer: reports },
  '/api/vitals': { methods: ['POST'], answer: vitals },
}

/**
 * What the server answers itself, so that an application needs no routes for it; also below its base path. A route of the
 * application's own wins, except that a server which is leaving is not ready, whatever the application thinks.
 */
export function endpointFor(path: string, { basePath, owns }: { basePath: string; owns: (path: string) => boolean }) {
  const bare = basePath && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
  const endpoint = endpoints[bare.length > 1 && bare.endsWith('/') ? bare.slice(0, -1) : bare]
  if (!endpoint) return undefined
  if (owns(bare) && !(bare === '/api/ready' && lifecycle.draining)) return undefined
  return async (request: IncomingMessage, response: ServerResponse) => {
    try {
      if (endpoint.methods.includes(request.method ?? '')) await endpoint.answer(request, response)
      else response.writeHead(405, { allow: endpoint.methods.join(', ') }).end()
    } catch {
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    }
  }
}
