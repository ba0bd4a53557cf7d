import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { edgeTagHeader } from '../cache/edge-tags.js'
import { env } from '../env.js'
import { requestContext } from '../observe/log.js'
import { isKnown } from './entity-tag.js'
import { isFrameworkScript, isPrerenderedScript } from './framework-script.js'
import { hashesOf } from './policy.js'
import { type Protection, protection } from './protection.js'

/** Set on cached pages by the page cache; never leaves the server. */
export const scriptHashes = 'x-slipway-script-hashes'
/** The Cache-Control that Next.js gives a cached page by itself; never leaves the server. */
export const ownCacheControl = 'x-slipway-cache-control'
/** Tags of a cached page for CloudFront, set by the page cache; {@link tooMany} of them cannot be told. */
export const edgeTags = 'x-slipway-edge-tags'
export const tooMany = 'too many'
/** On a page that was invalidated, and is served while it is rendered anew; never leaves the server. */
export const outdated = 'x-slipway-outdated'
/** Of a page whose tags CloudFront cannot be told. */
const longestUntaggedSeconds = 60

/** What a browser may run scripts in when it opens the address itself. */
const document = /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|(text|application)\/([\w.-]+\+)?xml)\b/i
const generatedCacheControl = /^s-maxage=\d+(, stale-while-revalidate=\d+)?$/

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined

/**
 * What Next.js answers, made fit for browsers and for caches in front. It is decided when the headers are written: by
 * then routing, rewrites, caches and the application have had their say, and nothing leaves without passing here.
 */
export class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Allows the scripts of what is rendered for this request alone. */
  nonce = ''
  /** When something was last written: a stream that is silent does not count as work. */
  lastWrite = 0
  /** What the client got; Next.js goes on setting `statusCode` after the headers are gone. */
  sent: number | undefined
  #body: string | undefined

  override writeHead(status: number, ...rest: unknown[]): this {
    if (this.headersSent) return super.writeHead(status, ...(rest as [OutgoingHttpHeaders?]))
    const headers = rest.at(-1)
    if (typeof headers === 'object') {
      take(this, headers as Headers)
      rest.pop()
    }
    if (status >= 500) status = requestContext.getStore()?.fault ?? status
    this.lastWrite = performance.now()
    const known = complete(this, { status, nonce: this.nonce, body: this.#body }, protection())
    this.sent = known ? 304 : status
    return super.writeHead(this.sent, ...(rest as [OutgoingHttpHeaders?]))
  }

  /** A page that was made before this request comes in one piece. */
  override end(...args: unknown[]): this {
    if (!this.headersSent && typeof args[0] === 'string') this.#body = args[0]
    return super.end(...(args as [string]))
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.lastWrite = performance.now()
    return super.write(chunk, ...(rest as [BufferEncoding]))
  }
}

/** Headers that were handed to writeHead itself, where they would be past all checks. */
function take(response: ServerResponse, headers: Headers) {
  if (!headers) return
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
    return
  }
  const flat = headers.flat() as string[]
  for (let index = 0; index + 1 < flat.length; index += 2) response.appendHeader(flat[index] as string, flat[index + 1] as string)
}

interface Decided {
  status: number
  nonce: string
  /** The whole of it, where it is known beforehand. */
  body?: string
}

/** Sets what the application left open. True when the client has got this very page already. */
export function complete(
  response: ServerResponse,
  { status, nonce, body }: Decided,
  { always, pages, policy }: Protection,
): boolean {
  let hashes = takeHeader(response, scriptHashes)
  const cached = hashes !== undefined
  const shared = limitSharedCaches(response)
  for (const { key, value } of always) if (!response.hasHeader(key)) response.setHeader(key, value)
  const type = response.getHeader('content-type')
  if (typeof type !== 'string') return false
  // The tag of a cached page is that of its HTML; its other form, for navigation within the site, shares its headers.
  if (type.startsWith('text/x-component')) response.removeHeader('etag')
  if (!document.test(type)) return false

  // The shell is cached, and the rest is rendered for this request: the tag of the shell names no answer.
  const resumed = response.hasHeader('x-nextjs-postponed')
  if (resumed) response.removeHeader('etag')
  const frameOptions = response.getHeader('x-frame-options')
  for (const { key, value } of pages) if (!response.hasHeader(key)) response.setHeader(key, value)
  if (!response.hasHeader('content-security-policy')) {
    if (hashes === undefined && body && !body.includes(`nonce="${nonce}"`)) hashes = hashesOfBody(body, status, shared)
    const scripts = [
      hashes,
      // A cached page is for everybody and must not carry a nonce: a cache in front would repeat it.
      nonce && (resumed || (!cached && !shared)) ? `'nonce-${nonce}'` : '',
    ]
      .filter(Boolean)
      .join(' ')
    const written = policy(scripts)
    // Browsers prefer frame-ancestors to what the application said by the older header.
    const sameOrigin = String(frameOptions).toUpperCase() === 'SAMEORIGIN'
    response.setHeader(
      'content-security-policy',
      sameOrigin ? written.replace("frame-ancestors 'none'", "frame-ancestors 'self'") : written,
    )
  }
  return status === 200 && type.startsWith('text/html') && isKnownToClient(response)
}

/** Pages that the build made, static ones of the Pages Router and those for failures, are in no cache that knew their hashes. */
const hashesOfBodies = new Map<string, string>()

function hashesOfBody(body: string, status: number, shared: boolean): string {
  const kept = hashesOfBodies.get(body)
  if (kept !== undefined) return kept
  const hashes = hashesOf(body, status >= 500 ? isPrerenderedScript : isFrameworkScript)
  if (!shared && status < 500) return hashes // it may not come again
  if (hashesOfBodies.size >= 100) hashesOfBodies.clear()
  hashesOfBodies.set(body, hashes)
  return hashes
}

/**
 * Next.js answers cached pages with `s-maxage=31536000` or `s-maxage, stale-while-revalidate`.
 * Browsers honour the second half and would show their own old copy after a change, and a CDN
 * the first, long after a release. Browsers ask each time (an ETag makes that cheap); a CDN
 * keeps a page for CACHE_TTL, and one that is out of date not at all: it was told to drop
 * it, and must not get it back. What the application itself said stays.
 */
function limitSharedCaches(response: ServerResponse): boolean {
  const own = takeHeader(response, ownCacheControl)
  const isOutdated = takeHeader(response, outdated) !== undefined
  const tags = takeHeader(response, edgeTags)
  if (tags !== undefined && tags !== tooMany) response.setHeader(edgeTagHeader, tags)
  const said = response.getHeader('cache-control')
  if (typeof said !== 'string' || !generatedCacheControl.test(said)) return false
  if (own === undefined ? !isGenerated(response, said) : own !== said) return false
  const seconds = isOutdated
    ? 0
    : Math.min(
        Number.parseInt(said.slice('s-maxage='.length), 10),
        env().CACHE_TTL,
        tags === tooMany ? longestUntaggedSeconds : Number.POSITIVE_INFINITY,
      )
  response.setHeader('cache-control', `public, max-age=0, s-maxage=${seconds}`)
  return true
}

/**
 * Pages of the Pages Router that a build made bring no headers of their own. Next.js says both halves, or a year alone; the
 * first half alone is the application's, as in `headers()`.
 */
const isGenerated = (response: ServerResponse, said: string) =>
  said === 's-maxage=31536000' || (response.hasHeader('x-nextjs-cache') && said.includes('stale-while-revalidate'))

function isKnownToClient(response: ServerResponse): boolean {
  const tag = response.getHeader('etag')
  if (typeof tag !== 'string' || !isKnown(tag, response.req.headers['if-none-match'])) return false
  response.removeHeader('content-length')
  return true
}

function takeHeader(response: ServerResponse, name: string): string | undefined {
  const value = response.getHeader(name)
  if (value === undefined) return undefined
  response.removeHeader(name)
  return String(value)
}
