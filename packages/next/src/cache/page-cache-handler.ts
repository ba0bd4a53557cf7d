import type { CacheHandler, CacheHandlerValue } from 'next/dist/server/lib/incremental-cache/index.js'
import { entityTag } from '../server/entity-tag.js'
import { allowInlineScripts } from '../server/security.js'
import { cacheStore } from './cache-store.js'

/** Keeps rendered pages (ISR), cached fetches and optimised images. */
export default class PageCacheHandler implements CacheHandler {
  async get(key: string): Promise<CacheHandlerValue | null> {
    return (await cacheStore().get<CacheHandlerValue>('page', key)) ?? null
  }

  async set(key: string, value: CacheHandlerValue['value'], context: Parameters<CacheHandler['set']>[2]) {
    if (value === null) return cacheStore().delete('page', key)
    // The page about to be answered is this very object, so its first visitor gets these headers too.
    if (value.kind === 'APP_PAGE') {
      const html = value.html as string
      value.headers = { ...value.headers, ...allowInlineScripts(html), etag: entityTag(html) }
    }
    const cacheControl = 'cacheControl' in context ? context.cacheControl : undefined
    await cacheStore().set('page', key, { lastModified: Date.now(), value, cacheControl }, cacheControl?.expire)
  }

  async revalidateTag(tags: string | string[], durations?: { expire?: number }) {
    await cacheStore().invalidate([tags].flat(), durations?.expire)
  }

  resetRequestCache() {}
}
