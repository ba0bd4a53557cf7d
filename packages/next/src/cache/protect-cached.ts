import { getCacheControlHeader } from 'next/dist/server/lib/cache-control.js'
import type { CacheHandlerValue } from 'next/dist/server/lib/incremental-cache/index.js'
import { requestContext } from '../observe/log.js'
import { ownCacheControl, scriptHashes } from '../server/answer.js'
import { entityTag } from '../server/entity-tag.js'
import { isFrameworkScript } from '../server/framework-script.js'
import { hashesOf, nonceIn, withoutNonce } from '../server/policy.js'

type Value = CacheHandlerValue['value']
export type Page = Extract<Value, { kind: 'APP_PAGE' | 'PAGES' | 'APP_ROUTE' }>

/** What a visitor is answered with, and neither data nor a picture. */
export const isPage = (value: Value): value is Page =>
  value?.kind === 'APP_PAGE' || value?.kind === 'PAGES' || value?.kind === 'APP_ROUTE'

type CacheControl = Parameters<typeof getCacheControlHeader>[0]

/**
 * What a page needs to know about itself once it is cached: which scripts are the framework's, its tag, and the
 * Cache-Control that Next.js will give it. The page about to be answered is this very object, so its first visitor gets
 * it too. The gate takes these headers off again (answer.ts).
 */
export function protectCached(value: Page, cacheControl?: CacheControl) {
  value.headers ??= {}
  const { headers } = value
  if (cacheControl) headers[ownCacheControl] = getCacheControlHeader(cacheControl)
  // A page that is kept for longer after a failure was protected when it came.
  if (value.kind === 'APP_ROUTE' || scriptHashes in headers) return

  const page = value as { html: string }
  const nonce = nonceIn(requestContext.getStore()?.request?.headers['content-security-policy'])
  headers[scriptHashes] = hashesOf(page.html, isFrameworkScript, nonce)
  if (nonce) page.html = withoutNonce(page.html, nonce)
  if (value.kind === 'APP_PAGE') headers.etag = entityTag(page.html)
}
