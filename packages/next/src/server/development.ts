import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { shared } from '../shared.js'
import { complete } from './answer.js'
import { receiveReport } from './csp-reports.js'
import { createNonce } from './nonce.js'
import type { Policy } from './policy.js'
import { protect, protection } from './protection.js'

type Emit = (event: string | symbol, ...args: unknown[]) => boolean

/**
 * The same headers while developing. `next dev` loads the configuration in the process that serves, after it has made its
 * server, so the requests are met where servers hand them out.
 */
export function installDevelopmentGate(settings: { policy: Policy; basePath: string }) {
  protect({ ...settings, development: true })
  shared('development-gate', () => {
    const emit = http.Server.prototype.emit as Emit
    http.Server.prototype.emit = function (this: http.Server, event: string | symbol, ...args: unknown[]) {
      if (event === 'request' && meet(args[0] as IncomingMessage, args[1] as ServerResponse)) return true
      return emit.call(this, event, ...args)
    } as Emit
    return true
  })
}

function meet(request: IncomingMessage, response: ServerResponse): boolean {
  const path = (request.url ?? '/').split('?', 1)[0] as string
  if (path.endsWith('/api/csp')) {
    void receiveReport(request, response, (page) => page)
    return true
  }
  const nonce = createNonce()
  request.headers['content-security-policy'] = `script-src 'nonce-${nonce}'`
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    const headers = rest.at(-1)
    if (typeof headers === 'object' && headers !== null && !Array.isArray(headers)) {
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value as string)
      rest.pop()
    }
    if (!response.headersSent) complete(response, { status, nonce }, protection())
    return writeHead(status, ...rest)
  }) as typeof response.writeHead
  return false
}
