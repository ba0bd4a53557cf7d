import { createHash } from 'node:crypto'

/** Names the very bytes of an answer. Made when a page enters the cache: Next.js reads the whole page for it at each request. */
export const entityTag = (body: string) => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

/** Does the browser, or the CDN, have it already? Compared as weak, because a proxy that compresses makes them so. */
export const isKnown = (tag: string, ifNoneMatch = '') =>
  ifNoneMatch
    .split(',')
    .map((known) => known.trim().replace(/^W\//, ''))
    .some((known) => known === '*' || known === tag)
