import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import { log } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'

const largest = 16_384
const text = z.string().max(4000).optional()

/** As browsers send it to `report-uri`, and what counts of it. */
const classic = z.object({
  'csp-report': z.object({
    'document-uri': text,
    'effective-directive': text,
    'violated-directive': text,
    'blocked-uri': text,
    'source-file': text,
    'line-number': z.number().optional(),
  }),
})

export interface Violation {
  directive: string
  /** An origin, or a word such as `inline` or `eval`; never a whole address, which may hold somebody's data. */
  blocked: string
  page: string
  source?: string
  line?: number
}

const directives = new Set(
  'script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr img-src font-src connect-src media-src frame-src worker-src manifest-src form-action frame-ancestors base-uri default-src object-src child-src'.split(
    ' ',
  ),
)

/** Anybody may post here: what is counted comes from a fixed set, and what is logged is short. */
export function violationOf(body: string): Violation | undefined {
  const parsed = classic.safeParse(parse(body))
  if (!parsed.success) return undefined
  const report = parsed.data['csp-report']
  const directive = (report['effective-directive'] ?? report['violated-directive'] ?? '').split(' ')[0] as string
  if (!directives.has(directive)) return undefined
  return {
    directive,
    blocked: originOf(report['blocked-uri'] ?? ''),
    page: pathOf(report['document-uri'] ?? ''),
    source: report['source-file'] ? pathOf(report['source-file']) : undefined,
    line: report['line-number'],
  }
}

/** `POST /api/csp`: one violation, to the log and to the metrics. */
export async function receiveReport(request: IncomingMessage, response: ServerResponse, routeOf: (path: string) => string) {
  const body = request.method === 'POST' ? await read(request) : undefined
  if (body === undefined) return void response.writeHead(request.method === 'POST' ? 413 : 405, { allow: 'POST' }).end()
  const violation = violationOf(body)
  if (violation) {
    const { directive, blocked, page, source, line } = violation
    metrics.violations.inc({ directive })
    if (mayLog(`${directive} ${blocked}`))
      log().warn({ directive, blocked, route: routeOf(page), source, line }, 'blocked by the Content-Security-Policy')
  }
  response.writeHead(violation ? 204 : 400).end()
}

/** The same violation comes from every visitor: once a minute says it, and no flood fills the log. */
const logged = { since: 0, keys: new Set<string>() }

function mayLog(key: string): boolean {
  if (Date.now() - logged.since > 60_000) Object.assign(logged, { since: Date.now(), keys: new Set() })
  if (logged.keys.has(key) || logged.keys.size >= 20) return false
  logged.keys.add(key)
  return true
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length
      if (length > largest) return undefined
      chunks.push(chunk as Buffer)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString()
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const originOf = (uri: string) =>
  (URL.canParse(uri) && /^(https?|wss?):/.test(uri) ? new URL(uri).origin : uri.split(':')[0]?.slice(0, 30)) || 'unknown'
const pathOf = (uri: string) => (URL.canParse(uri) ? new URL(uri).pathname : uri).slice(0, 200)
