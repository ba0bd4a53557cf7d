import type { IncomingMessage } from 'node:http'
import { requestContext } from '../observe/log.js'
import { metrics } from '../observe/metrics.js'

/** Why a request was refused as such: a fixed set, the label of a metric. */
export type FaultReason = 'path' | 'method' | 'router-state' | 'body' | 'origin' | 'too-large' | 'action' | 'image'
export interface Fault {
  status: 400 | 403 | 405 | 413
  reason: FaultReason
}

/** Seen from the request alone, before anything is done for it. */
export function faultOf({ method = 'GET', headers }: IncomingMessage, path: string): Fault | undefined {
  if (path.includes('%') && !isReadable(path)) return { status: 400, reason: 'path' }
  if (method === 'TRACE' || method === 'CONNECT' || method === 'TRACK') return { status: 405, reason: 'method' }
  const state = headers['next-router-state-tree']
  if (state !== undefined && !isRouterState(String(state))) return { status: 400, reason: 'router-state' }
  const type = headers['content-type']
  if (type?.startsWith('multipart/form-data') && !/;\s*boundary="?[^\s";]{1,70}/i.test(type))
    return { status: 400, reason: 'body' }
  const { origin } = headers
  if (origin !== undefined && origin !== 'null' && !URL.canParse(origin)) return { status: 400, reason: 'origin' }
  return undefined
}

function isReadable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    return false
  }
}

function isRouterState(text: string): boolean {
  if (text.length > 20_000) return false
  try {
    return Array.isArray(JSON.parse(decodeURIComponent(text)))
  } catch {
    return false
  }
}

/** What Next.js says about requests that are wrong in themselves; it throws, and would answer 500. */
export const textOf = (status: number) =>
  ({
    400: 'This request is malformed.\n',
    403: 'This request came from another site.\n',
    405: 'This method is not allowed.\n',
    413: 'This request is too large.\n',
  })[status] ?? ''

const messages: [RegExp, Fault][] = [
  [/^Invalid Server Actions request/, { status: 403, reason: 'origin' }],
  [/does not match `origin` header|headers are not provided\. One of these is needed/, { status: 403, reason: 'origin' }],
  [/^The router state header was sent but could not be parsed|router state header/i, { status: 400, reason: 'router-state' }],
  [/^Body exceeded .* limit|Body exceeded/, { status: 413, reason: 'too-large' }],
  [
    /^(Multipart: |Unexpected end of form|Malformed (part header|content type|urlencoded form)|Missing Content-Type|Unsupported content type)/,
    {
      status: 400,
      reason: 'body',
    },
  ],
  [/^URI malformed|Failed to decode|^Failed to decode param/, { status: 400, reason: 'path' }],
  [/^Failed to parse body as FormData|^Invalid JSON|Connection closed\.$/, { status: 400, reason: 'body' }],
]

/**
 * What Next.js answers rightly by itself, and warns of each time: an action of another release or of nobody's, a picture
 * that is none. Anybody can cause as many as they like, so they are counted, and one a minute is logged.
 */
const warnings: [RegExp, FaultReason][] = [
  [/^(Failed to find Server Action|The Server Reference ID did not match)/, 'action'],
  [/(internal|upstream) image response failed for|isn't a valid image for|^(⨯ )?The requested resource .* image/, 'image'],
]
const warned = new Map<FaultReason, number>()

/** Whether a line of the console says no more than that a stranger asked for nonsense, and has said so lately. */
export function judgeWarning(text: string): 'known' | 'repeated' | undefined {
  const reason = warnings.find(([pattern]) => pattern.test(text))?.[1]
  if (!reason) return undefined
  metrics.refused.inc({ reason })
  const now = performance.now()
  const last = warned.get(reason)
  if (last !== undefined && now - last < 60_000) return 'repeated'
  warned.set(reason, now)
  return 'known'
}

/** Is this error the sender's fault? Then it is counted apart, answered 4xx, and no error of the application. */
export function noteFault(error: unknown): boolean {
  const message = error instanceof Error ? error.message : typeof error === 'string' ? error : ''
  const fault = messages.find(([pattern]) => pattern.test(message))?.[1]
  if (!fault) return false
  const context = requestContext.getStore()
  if (!context) return false
  if (context.fault === undefined) metrics.refused.inc({ reason: fault.reason })
  context.fault = fault.status
  return true
}
